import { defineConfig } from 'vitest/config'
import root from '../vitest.config.js'

// Here the names of the package lead to its sources. A project that has it installed needs no configuration.
export default defineConfig({ resolve: root.resolve ?? {}, test: { maxWorkers: 1 } })
