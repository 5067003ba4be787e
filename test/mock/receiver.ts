/** A request that a receiver of events got. */
export interface Received {
  url: string
  method: string
  headers: Record<string, string>
  body: any
  redirect: string
}

type Answer = number | Error

/** Receives events: a `deliveryFetch` that answers from a script, then with 204. */
export function receiver(...answers: Answer[]) {
  const received: Received[] = []
  const deliveryFetch = async (url: string, init: RequestInit): Promise<Response> => {
    const request = new Request(url, init)
    received.push({
      url,
      method: request.method,
      headers: Object.fromEntries(request.headers),
      body: await request.json(),
      redirect: request.redirect,
    })
    const answer = answers[received.length - 1] ?? 204
    if (answer instanceof Error) throw answer
    return new Response(answer === 204 ? null : 'answered', { status: answer })
  }
  return { received, deliveryFetch }
}
