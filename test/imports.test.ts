/** The rooms of src and who may import whom: one direction, skipping allowed. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const src = resolve(import.meta.dirname, '../src')

/** From the top down: a room imports from its own level (itself) or from a lower one. */
const LEVELS = [
  ['cli.ts', 'index.ts'],
  ['cli'],
  ['tui', 'headless'],
  ['course'],
  ['session'],
  ['shell'],
  ['commands'],
  ['render'],
  ['sim'],
]
const SIM_LEVELS = ['world', 'docker', 'process', 'kernel', 'wire', 'base']
const MAY_IMPORT_NODE = new Set(['io', 'cli.ts', 'cli', 'index.ts'])
const PACKAGES: Record<string, string[]> = {
  tui: [
    'ink',
    'react',
    'ink-select-input',
    '@xterm/headless',
    '@xterm/addon-unicode11',
    'marked',
    'marked-terminal',
  ],
  shell: ['unbash', 'just-bash'],
  course: ['yaml', 'zod', 'marked', 'ts-fsrs'],
  session: [],
  headless: [],
}

interface Import {
  readonly file: string
  readonly target: string
  readonly typeOnly: boolean
}

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return files(path)
    return /\.tsx?$/.test(entry.name) ? [path] : []
  })
}

function importsOf(path: string): Import[] {
  const text = readFileSync(path, 'utf8')
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?[^'"]*?from\s+'([^']+)'|import\('([^']+)'\)|(?:^|\n)import\s+'([^']+)'/g
  return [...text.matchAll(pattern)].map((m) => ({
    file: relative(src, path),
    target: (m[2] ?? m[3] ?? m[4])!,
    typeOnly: m[1] !== undefined,
  }))
}

const all = files(src).flatMap(importsOf)
const room = (path: string): string => path.split('/')[0]!
const level = (name: string): number => LEVELS.findIndex((names) => names.includes(name))
const inside = (x: Import): string | null =>
  x.target.startsWith('.') ? relative(src, resolve(src, dirname(x.file), x.target)) : null

describe('imports', () => {
  it('are found at all', () => {
    expect(all.length).toBeGreaterThan(100)
  })

  it('go from the screen down to the simulation', () => {
    const wrong = all.filter((x) => {
      const to = inside(x)
      if (to === null || room(to) === room(x.file)) return false
      if (room(to) === 'io') return level(room(x.file)) > 2
      if (room(x.file) === 'io') return true
      if (level(room(to)) === 0) return true
      return level(room(to)) <= level(room(x.file))
    })
    expect(wrong).toEqual([])
  })

  it('go from the world down to the base inside the simulation', () => {
    const wrong = all.filter((x) => {
      const to = inside(x)
      if (to === null || room(x.file) !== 'sim' || room(to) !== 'sim') return false
      const from = x.file.split('/')[1]!
      return SIM_LEVELS.indexOf(to.split('/')[1]!) < SIM_LEVELS.indexOf(from)
    })
    expect(wrong).toEqual([])
  })

  it('take values for rendering from wire and base alone', () => {
    const wrong = all.filter((x) => {
      const to = inside(x)
      return (
        room(x.file) === 'render' &&
        to !== null &&
        room(to) === 'sim' &&
        !x.typeOnly &&
        !/^sim\/(wire|base)\//.test(to)
      )
    })
    expect(wrong).toEqual([])
  })

  it('reach node and packages only where they may', () => {
    const wrong = all.filter((x) => {
      if (x.target.startsWith('.')) return false
      if (x.target.startsWith('node:')) return !MAY_IMPORT_NODE.has(room(x.file))
      const allowed = PACKAGES[room(x.file)] ?? []
      return !allowed.some((name) => x.target === name || x.target.startsWith(`${name}/`))
    })
    expect(wrong).toEqual([])
  })
})
