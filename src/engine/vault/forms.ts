import { hex } from '../ids.js'
import { encodeInto, encodedLength } from './base64url.js'

const utf8 = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

const htmlNames: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Every notation in which a value may turn up in a text, each once. */
export function formsOf(value: string): string[] {
  const bytes = utf8.encode(value)
  // A lone surrogate has no UTF-8 and makes encodeURIComponent throw
  const wellFormed = decoder.decode(bytes)
  const percent = encodeURIComponent(wellFormed)
  const json = JSON.stringify(value).slice(1, -1)
  const forms = [
    value,
    percent,
    lowerEscapes(percent),
    encodeURI(wellFormed),
    // Of a form or a query: a space is a plus sign
    new URLSearchParams([['', wellFormed]]).toString().slice(1),
    json,
    // JSON within JSON
    JSON.stringify(json).slice(1, -1),
    value.replace(/[&<>"']/g, (c) => htmlNames[c] ?? c),
    hex(bytes),
    hex(bytes).toUpperCase(),
    ...[0, 1, 2].flatMap((shift) => base64Within(bytes, shift)),
  ]
  return [...new Set(forms)]
}

function lowerEscapes(percent: string): string {
  return percent.replace(/%../g, (escape) => escape.toLowerCase())
}

/**
 * What a value looks like inside the base64 of a longer text that has `shift` more bytes before it, modulo three:
 * only the characters that depend on the value alone.
 */
function base64Within(bytes: Uint8Array, shift: number): string[] {
  const padded = new Uint8Array(shift + bytes.length)
  padded.set(bytes, shift)
  const text = new Uint8Array(encodedLength(padded.length))
  encodeInto(text, 0, padded)
  const first = Math.ceil((shift * 8) / 6)
  const last = Math.floor((padded.length * 8) / 6)
  const url = decoder.decode(text.subarray(first, last))
  return [url, url.replaceAll('-', '+').replaceAll('_', '/')]
}
