/** The issuer of the built-in provider, below the base URL. Everything else of it is below the issuer. */
export const issuerPath = '/_provider'
export const authorizePath = `${issuerPath}/authorize`
/** Where the form of the consent page goes. */
export const decidePath = `${issuerPath}/decide`
export const tokenPath = `${issuerPath}/token`
