import type { ConnectionType, CreateConnection } from '../contract/connections.js'
import type { Engine } from './engine.js'
import type { Owner } from './owner.js'
import { invalid } from './refusal.js'
import type { ConnectionRow } from './rows.js'
import { VaultError, type Purpose, type Secret, type VaultContext } from './vault/index.js'

/** Credentials as they come in: texts to seal, by field name, and the lifetime of an access token. */
export interface Credentials {
  readonly fields: Readonly<Record<string, string>>
  /** Seconds. */
  readonly expiresIn?: number | undefined
}

/** Opened credentials as an action handler gets them: call `reveal()` on the one that goes to the third party. */
export interface OpenedCredentials {
  readonly type: ConnectionType
  /** SECRET_TEXT. */
  readonly secretText?: Secret
  /** BASIC_AUTH. */
  readonly username?: Secret
  /** BASIC_AUTH. */
  readonly password?: Secret
  /** CUSTOM_AUTH, by field; a value that is no string is its JSON text. */
  readonly props?: Readonly<Record<string, Secret>>
  /** OAUTH2 and PLATFORM_OAUTH2. The refresh token stays shut: only the refresh opens it. */
  readonly accessToken?: Secret
  readonly tokenType?: Secret
  readonly scope_oauth?: Secret
  /** What else the provider answered, as JSON text. */
  readonly data?: Secret
}

const propPrefix = 'props.'

const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

function present(fields: Record<string, string | undefined>): Record<string, string> {
  const entries = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(entries)
}

/** The credential fields of a request, whatever its type. */
export function credentialsOf(body: CreateConnection): Credentials {
  switch (body.type) {
    case 'SECRET_TEXT':
      return { fields: { secretText: body.secretText } }
    case 'BASIC_AUTH':
      return { fields: { username: body.username, password: body.password } }
    case 'CUSTOM_AUTH': {
      const props = Object.entries(body.props).map(([name, value]) => [propPrefix + name, asText(value)])
      return { fields: Object.fromEntries(props) }
    }
    default: {
      const { accessToken, refreshToken, tokenType, scope_oauth, data, expiresIn } = body
      return {
        fields: present({
          accessToken,
          refreshToken,
          tokenType,
          scope_oauth,
          data: data && JSON.stringify(data),
        }),
        expiresIn,
      }
    }
  }
}

interface Holder {
  readonly id: string
  readonly integrationName: string
  readonly type: ConnectionType
  readonly owner: Owner
}

function contextOf(
  engine: Engine,
  { id, integrationName, type, owner }: Holder,
  field: string,
): VaultContext {
  return { orgId: engine.orgId, connectionId: id, integrationName, owner, credentialType: type, field }
}

/** Where the field of a request was, for a message about it. */
const pathOf = (field: string) => `body.${field}`

/** Seals every field for one connection. */
export async function sealCredentials(
  engine: Engine,
  holder: Holder,
  { fields }: Credentials,
): Promise<Record<string, string>> {
  const sealed = await Promise.all(
    Object.entries(fields).map(async ([field, text]) => {
      try {
        return [field, await engine.vault.seal(text, contextOf(engine, holder, field))]
      } catch (error) {
        const code = error instanceof VaultError ? error.code : undefined
        if (code === 'VAULT_INVALID_PLAINTEXT') {
          throw invalid(pathOf(field), 'Expected well-formed text of at most 64 KiB')
        }
        // All else of the context is ours
        if (code === 'VAULT_INVALID_CONTEXT') throw invalid(pathOf('props'), 'Expected shorter names')
        throw error
      }
    }),
  )
  return Object.fromEntries(sealed)
}

/** Opens the refresh token of a connection, if it has one: for its refresh, and for nothing else. */
export async function openRefreshToken(
  engine: Engine,
  connection: ConnectionRow,
): Promise<Secret | undefined> {
  const envelope = engine.state.tables.credentials.get(connection.id)?.fields.refreshToken
  const holder = { ...connection, owner: connection }
  return envelope === undefined
    ? undefined
    : engine.vault.open(envelope, contextOf(engine, holder, 'refreshToken'), 'refresh')
}

/** Opens what an action needs of one connection. Each opening is recorded. */
export async function openCredentials(
  engine: Engine,
  connection: ConnectionRow,
  purpose: Purpose,
): Promise<OpenedCredentials> {
  const { fields = {} } = engine.state.tables.credentials.get(connection.id) ?? {}
  const { id, integrationName, type } = connection
  const holder = { id, integrationName, type, owner: connection }
  const names = Object.keys(fields).filter((field) => field !== 'refreshToken')
  const secrets = await Promise.all(
    names.map((field) =>
      engine.vault.open(fields[field] as string, contextOf(engine, holder, field), purpose),
    ),
  )
  const own: [string, Secret][] = []
  const props: [string, Secret][] = []
  names.forEach((name, at) => {
    const secret = secrets[at] as Secret
    if (name.startsWith(propPrefix)) props.push([name.slice(propPrefix.length), secret])
    else own.push([name, secret])
  })
  return {
    type: connection.type,
    ...Object.fromEntries(own),
    ...(props.length > 0 && { props: Object.fromEntries(props) }),
  }
}
