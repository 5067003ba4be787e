import { describe, expect, it } from 'vitest'
import { isControl, isLoopback } from '../../../src/mock/control/guard.js'

describe('the control routes', () => {
  it.each(['/_weavz/explain', '/%5Fweavz/explain', '/_weav%7A/openapi.json'])('are known as %s', (path) => {
    expect(isControl(new URL(`http://weavz.test${path}`))).toBe(true)
  })

  it.each(['/api/v1/workspaces', '/_weavzy/explain', '/api/_weavz/explain', '/%E0%A4%A/_weavz/'])(
    'are not %s',
    (path) => expect(isControl(new URL(`http://weavz.test${path}`))).toBe(false),
  )

  it.each(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'])('answer %s', (address) => {
    expect(isLoopback(address)).toBe(true)
  })

  it.each(['10.0.0.1', '192.168.127.1', '::ffff:10.0.0.1', 'fe80::1', '::127.0.0.1.example', '', undefined])(
    'do not answer %s',
    (address) => expect(isLoopback(address)).toBe(false),
  )
})
