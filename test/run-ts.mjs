// node test/run-ts.mjs ENTRY.ts [ARGS…]: bundle a TypeScript entry and run it with these arguments.
// For the scripts of the tests and benches; the program itself is built by its own build.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [entry, ...args] = process.argv.slice(2)
if (entry === undefined) {
  console.error('usage: node test/run-ts.mjs ENTRY.ts [ARGS…]')
  process.exit(2)
}
const entryPath = resolve(entry)

/** A bundled module keeps the address of its own source, so that it finds the files beside it. */
const ownAddress = {
  name: 'own-address',
  setup(bundler) {
    bundler.onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      const contents = source
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
      return { contents, loader: path.endsWith('x') ? 'tsx' : 'ts' }
    })
  },
}

const result = await build({
  absWorkingDir: root,
  entryPoints: [entryPath],
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  jsx: 'automatic',
  sourcemap: 'inline',
  loader: { '.md': 'text' },
  logLevel: 'error',
  plugins: [ownAddress],
  write: false,
}).catch(() => process.exit(1))

const cache = join(root, 'node_modules', '.cache', 'run-ts')
const bundled = join(cache, `${basename(entryPath).replace(/\.\w+$/, '')}.mjs`)
const unfinished = `${bundled}.${process.pid}`
await mkdir(cache, { recursive: true })
await writeFile(unfinished, result.outputFiles[0].contents)
await rename(unfinished, bundled)

process.setSourceMapsEnabled(true)
process.argv = [process.execPath, entryPath, ...args]
await import(pathToFileURL(bundled).href)
