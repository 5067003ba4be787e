const peers = new WeakMap<Request, string>()

/** Notes which address a request came from. Its headers do not tell: whoever sends it writes them. */
export function cameFrom(request: Request, address: string | undefined): void {
  // A socket for both families writes IPv4 addresses in IPv6 (RFC 4291, section 2.5.5.2)
  if (address !== undefined) peers.set(request, address.replace(/^::ffff:(?=\d+\.)/i, ''))
}

/** Whether a server has read the head of a request, and reads no more of its body than that announces. */
export const cameOverNetwork = (request: Request): boolean => peers.has(request)

/** The address that a request came from. What was sent in this process came from one, all of it. */
export const peerOf = (request: Request): string => peers.get(request) ?? 'this process'
