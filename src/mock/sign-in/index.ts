export { resourceMetadataUrl } from './metadata.js'
export { createSignInRoutes } from './routes.js'
export { createSignIn } from './sign-in.js'
export type { SignIn, SignInRequest } from './sign-in.js'
