// Bundles src/cli.ts into dist/ (ESM with chunks, so that what a command does not need is not loaded) and collects
// the licences of what is bundled. `--if-stale`: only when a source is newer than the last build.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')
/** Made here and put in place when it is whole: a failed build leaves the last good one. */
const next = join(root, `dist.${process.pid}`)
const stamp = join(dist, 'cli.js')

function newest(path) {
  const info = statSync(path)
  if (!info.isDirectory()) return info.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))))
}

function isStale() {
  if (!existsSync(stamp)) return true
  const sources = ['src', 'package.json', 'test/build.mjs'].map((name) => join(root, name))
  return Math.max(...sources.filter(existsSync).map(newest)) > statSync(stamp).mtimeMs
}

// Modules that the bundled code reaches for and never needs here: a colouring library for code blocks, emoji names,
// the developer tools of React. Left out they save most of the start-up time.
const STUBS = {
  ws: 'export default class {}',
  'react-devtools-core': 'export default {}; export const connectToDevTools = () => {}',
  'cli-highlight': 'export const highlight = (code) => code; export const supportsLanguage = () => false',
  'node-emoji':
    'export const get = (name) => name; export const emojify = (text) => text; export default { get, emojify }',
}

const stubs = {
  name: 'stubs',
  setup(build) {
    const filter = new RegExp(`^(${Object.keys(STUBS).join('|')})$`)
    build.onResolve({ filter }, (args) => ({ path: args.path, namespace: 'stub' }))
    build.onLoad({ filter: /.*/, namespace: 'stub' }, (args) => ({
      contents: STUBS[args.path],
      loader: 'js',
    }))
  },
}

function packageOf(input) {
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)
  return match === null ? null : match[1]
}

function writeLicences(inputs) {
  const folders = [...new Set(inputs.map(packageOf).filter((folder) => folder !== null))].sort()
  const texts = folders.map((folder) => {
    const about = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    const file = readdirSync(join(root, folder)).find((name) => /^(licen[cs]e|copying)/i.test(name))
    const text = file === undefined ? `(${about.license})` : readFileSync(join(root, folder, file), 'utf8')
    return `${about.name} ${about.version} (${about.license})\n\n${text.trim()}\n`
  })
  writeFileSync(join(next, 'THIRD-PARTY-LICENSES.txt'), texts.join(`\n${'-'.repeat(80)}\n\n`))
}

async function main() {
  if (process.argv.includes('--if-stale') && !isStale()) return
  if (!existsSync(join(root, 'src/cli.ts'))) return
  const { build } = await import('esbuild')
  const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  mkdirSync(next)
  const result = await build({
    absWorkingDir: root,
    entryPoints: ['src/cli.ts', 'src/index.ts'].filter((file) => existsSync(join(root, file))),
    outdir: next,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minify: true,
    keepNames: false,
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
    define: {
      'process.env.NODE_ENV': '"production"',
      'process.env.DEV': '"false"',
      VERSION: JSON.stringify(about.version),
    },
    banner: {
      js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);",
    },
    plugins: [stubs],
  })
  chmodSync(join(next, 'cli.js'), 0o755)
  writeLicences(Object.keys(result.metafile.inputs))
  if (process.argv.includes('--meta')) writeFileSync(join(next, 'meta.json'), JSON.stringify(result.metafile))
  rmSync(dist, { recursive: true, force: true })
  renameSync(next, dist)
  const total = readdirSync(dist).reduce((sum, name) => sum + statSync(join(dist, name)).size, 0)
  console.log(`built dist: ${readdirSync(dist).length} files, ${(total / 1024).toFixed(0)} KiB`)
}

try {
  await main()
} finally {
  rmSync(next, { recursive: true, force: true })
}
