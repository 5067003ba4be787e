import { existsSync } from 'node:fs'
import path from 'node:path'

export const here = import.meta.dirname
export const root = path.resolve(here, '../../..')

/** The file of a compiler, bundler or runtime in the `node_modules` of this folder. */
export function tool(file: string): string {
  return path.join(here, 'node_modules', file)
}

/** A program in the `node_modules` of the repository. */
export function rootTool(name: string): string {
  return path.join(root, 'node_modules/.bin', name)
}

/**
 * The binary of a runtime. They come straight from the packages that ship them: nothing is downloaded by an install
 * script. Those packages are listed for Linux on x64, where the gate runs.
 */
export function runtime(file: string): string {
  const binary = tool(file)
  if (existsSync(binary)) return binary
  throw new Error(`${file} is not there: test/package/tarball/package.json lists it for Linux on x64 alone`)
}

export const nodeVersions = ['20', '22', '24'] as const
export type NodeVersion = (typeof nodeVersions)[number]

export function node(version: NodeVersion): string {
  return runtime(`node-${version}-linux-x64/bin/node`)
}
