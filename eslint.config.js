import tseslint from 'typescript-eslint'

/**
 * Who may import whom (docs/architecture.md):
 *
 *   contract <- transport <- resources <- client
 *   contract <- engine    <- mock      <- msw, node, cli
 *   contract <- browser
 *
 * A room lists the rooms it may NOT enter; everything is decided by the path in the import.
 */
const rooms = ['contract', 'transport', 'resources', 'client', 'engine', 'mock', 'msw', 'cli', 'browser']
const mayImport = {
  contract: [],
  transport: ['contract'],
  resources: ['contract', 'transport', 'browser'],
  engine: ['contract'],
  mock: ['contract', 'engine'],
  msw: ['contract', 'engine', 'mock'],
  cli: ['contract', 'engine', 'mock'],
  browser: ['contract'],
}

const zodRule = {
  name: 'zod',
  message: "Write `import * as z from 'zod/mini'`: the named import costs a user's bundle about 90 kB.",
}
const nodeRule = {
  group: ['node:*', 'node:*/**'],
  message: 'Shared code uses WinterTC APIs only; node: imports live in src/mock/node* and src/cli.',
}

function restricted(room, { node = false } = {}) {
  const forbidden = rooms.filter((other) => other !== room && !mayImport[room].includes(other))
  const patterns = forbidden.map((other) => ({
    group: [`**/${other}/**`, `**/${other}.js`],
    message: `src/${room} may not import src/${other} (docs/architecture.md).`,
  }))
  if (!node) patterns.push(nodeRule)
  return { 'no-restricted-imports': ['error', { paths: [zodRule], patterns }] }
}

const nondeterminism = [
  ['Date', 'now', 'Take the time from the injected clock.'],
  ['Math', 'random', 'Take random bytes from the injected random source.'],
  ['crypto', 'randomUUID', 'Take ids from the injected id source.'],
].map(([object, property, message]) => ({ object, property, message }))

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'coverage/**',
      'docs/api/**',
      'node_modules/**',
      'test/package/tarball/consumers/**',
    ],
  },
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts', '**/*.js'],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      'no-console': 'error',
      eqeqeq: ['error', 'smart'],
    },
  },
  ...Object.keys(mayImport).map((room) => ({
    files: [`src/${room}/**/*.ts`, `src/${room}.ts`],
    rules: restricted(room),
  })),
  { files: ['src/mock/node*.ts', 'src/mock/node/**/*.ts'], rules: restricted('mock', { node: true }) },
  { files: ['src/cli/**/*.ts'], rules: { ...restricted('cli', { node: true }), 'no-console': 'off' } },
  {
    files: ['src/engine/**/*.ts', 'src/mock/**/*.ts'],
    ignores: ['src/engine/clock.ts', 'src/mock/node*.ts', 'src/mock/node/**/*.ts'],
    rules: {
      'no-restricted-properties': ['error', ...nondeterminism],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Take the time from the injected clock.',
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'examples/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts', '*.config.*'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
    },
  },
)
