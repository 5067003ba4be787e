/** The issuer of end users' tokens, below the base URL. Everything else of it is below the issuer. */
export const issuerPath = '/oauth'
export const authorizePath = `${issuerPath}/authorize`
export const decidePath = `${issuerPath}/decide`
export const tokenPath = `${issuerPath}/token`
export const registrationPath = `${issuerPath}/register`

/** Where RFC 8414 §3.1 puts the metadata of an issuer that has a path. */
export const serverMetadataPath = `/.well-known/oauth-authorization-server${issuerPath}`
/** Where RFC 9728 §3.1 puts the metadata of a resource: before its own path. */
export const resourceMetadataPath = '/.well-known/oauth-protected-resource'
