import { defineConfig } from 'vitest/config'

// Two workers: the machines that run this have two cores.
export default defineConfig({
  test: { include: ['test/**/*.test.ts', 'test/**/*.test.tsx'], maxWorkers: 2, testTimeout: 30_000 },
})
