/** Where the control routes are. They need no API key and tell about everything. */
const controlPrefix = '/_weavz/'

/** Whether a request is for a control route, however its path is written. */
export function isControl(request: Request): boolean {
  const { pathname } = new URL(request.url)
  try {
    return decodeURI(pathname).startsWith(controlPrefix)
  } catch {
    // The router leaves what cannot be decoded as it is, and so it is no control route
    return pathname.startsWith(controlPrefix)
  }
}

/** Whether a peer is this machine: `127.0.0.0/8`, `::1`, or the former written in IPv6. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:::ffff:)?127\.|^::1$/.test(address)
}
