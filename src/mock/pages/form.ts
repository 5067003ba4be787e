import { html } from 'hono/html'
import { title } from '../../engine/catalog/describe.js'
import { credentialTypeOf } from '../../engine/connect.js'
import { credentialsOf, type Credentials } from '../../engine/credentials.js'
import type { Engine } from '../../engine/engine.js'
import type { SessionRow } from '../../engine/rows.js'
import { maxPlaintext } from '../../engine/vault/envelope.js'
import type { Html } from './page.js'

/** What is wrong with a form, by the name of the input. */
export type Problems = ReadonlyMap<string, string>

interface Field {
  readonly name: string
  readonly label: string
  readonly secret: boolean
}

/** How many fields a user can name on a form whose fields the catalog does not know. */
const freeFields = 8
const shownFreeFields = 2

const secretText: Field = { name: 'secretText', label: 'API key or token', secret: true }
const basicAuth: readonly Field[] = [
  { name: 'username', label: 'User name', secret: false },
  { name: 'password', label: 'Password', secret: true },
]
const propPrefix = 'props.'

/** The fields that the catalog names for a CUSTOM_AUTH session; undefined where it names none. */
function customFields({ catalog }: Engine, session: SessionRow): readonly Field[] | undefined {
  const options = catalog.get(session.integrationName)?.auth ?? []
  const fields = options.find(({ key }) => key === session.authMethodKey)?.fields
  return (
    fields &&
    Object.entries(fields).map(([name, { displayName, secret = true }]) => ({
      name: propPrefix + name,
      label: displayName ?? title(name),
      secret,
    }))
  )
}

/** The fields of the session's form; `free`: the user names the fields; undefined for OAuth, which has no form. */
function fieldsOf(engine: Engine, session: SessionRow): readonly Field[] | 'free' | undefined {
  switch (credentialTypeOf(engine, session)) {
    case 'SECRET_TEXT':
      return [secretText]
    case 'BASIC_AUTH':
      return basicAuth
    case 'CUSTOM_AUTH':
      return customFields(engine, session) ?? 'free'
    default:
      return undefined
  }
}

/**
 * One labelled input. What was typed before is never shown again: a page with a credential in it could be stored or
 * photographed.
 */
function input({ name, label, secret }: Field, problems: Problems, required: boolean): Html {
  const problem = problems.get(name)
  const described = problem && html` aria-invalid="true" aria-describedby="${name}-problem"`
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      type="${secret ? 'password' : 'text'}"
      autocomplete="off"
      autocapitalize="none"
      spellcheck="false"
      ${required ? 'required' : ''}
      ${described ?? ''}
    />
    ${problem === undefined ? '' : html`<p class="problem" id="${name}-problem">${problem}</p>`}
  </div>`
}

function freeInputs(problems: Problems): Html {
  const pairs = Array.from({ length: freeFields }, (_, index) => {
    const at = index + 1
    return html`<fieldset>
      <legend>Field ${at}</legend>
      <div class="pair">
        ${input({ name: `name.${at}`, label: 'Name', secret: false }, problems, false)}
        ${input({ name: `value.${at}`, label: 'Value', secret: true }, problems, false)}
      </div>
    </fieldset>`
  })
  return html`<p class="muted small">Name the fields that this integration needs, as in its documentation.</p>
    ${pairs.slice(0, shownFreeFields)}
    <details>
      <summary>More fields</summary>
      ${pairs.slice(shownFreeFields)}
    </details>`
}

/** The inputs of the session's form, or undefined for OAuth. */
export function formInputs(engine: Engine, session: SessionRow, problems: Problems): Html | undefined {
  const fields = fieldsOf(engine, session)
  if (fields === undefined) return undefined
  if (fields === 'free') return freeInputs(problems)
  return html`${fields.map((field) => input(field, problems, true))}`
}

/** The free fields of a form, and what is wrong with them. */
function readFree(form: URLSearchParams, problems: Map<string, string>): Record<string, string> {
  const props: [string, string][] = []
  for (let at = 1; at <= freeFields; at++) {
    const name = form.get(`name.${at}`) ?? ''
    const value = form.get(`value.${at}`) ?? ''
    if (name === '' && value === '') continue
    if (name === '') problems.set(`name.${at}`, `Give field ${at} a name.`)
    if (value === '') problems.set(`value.${at}`, `Give field ${at} a value.`)
    checkLength(`value.${at}`, value, problems)
    if (props.some(([other]) => other === name))
      problems.set(`name.${at}`, `The name of field ${at} is taken.`)
    props.push([name, value])
  }
  if (props.length === 0) problems.set('name.1', 'Fill in at least one field.')
  return Object.fromEntries(props)
}

function checkLength(name: string, value: string, problems: Map<string, string>): void {
  if (new TextEncoder().encode(value).byteLength > maxPlaintext) {
    problems.set(name, `At most ${maxPlaintext} bytes can be stored.`)
  }
}

/** The credentials that the user typed, or what is wrong with them. */
export function readCredentials(
  engine: Engine,
  session: SessionRow,
  form: URLSearchParams,
): { credentials: Credentials } | { problems: Problems } {
  const fields = fieldsOf(engine, session)
  const problems = new Map<string, string>()
  const values: Record<string, string> = {}
  if (fields !== 'free') {
    for (const { name, label } of fields ?? []) {
      const value = form.get(name) ?? ''
      if (value === '') problems.set(name, `Fill in “${label}”.`)
      checkLength(name, value, problems)
      values[name] = value
    }
  }
  const free = fields === 'free' ? readFree(form, problems) : undefined
  if (problems.size > 0) return { problems }
  const { externalId, connectionName, integrationName } = session
  const body = { externalId, displayName: connectionName, integrationName }
  switch (credentialTypeOf(engine, session)) {
    case 'SECRET_TEXT':
      return {
        credentials: credentialsOf({ ...body, type: 'SECRET_TEXT', secretText: values['secretText'] ?? '' }),
      }
    case 'BASIC_AUTH': {
      const { username = '', password = '' } = values
      return { credentials: credentialsOf({ ...body, type: 'BASIC_AUTH', username, password }) }
    }
    default: {
      const named = Object.entries(values).map(([name, value]) => [name.slice(propPrefix.length), value])
      const props = free ?? (Object.fromEntries(named) as Record<string, string>)
      return { credentials: credentialsOf({ ...body, type: 'CUSTOM_AUTH', props }) }
    }
  }
}
