// `npm test`: everything that has to hold, one step after another; the last line counts all that passed and failed.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const npx = (...args) => ['npx', ['--no-install', ...args]]

let passed = 0
let failed = 0

function run(title, [command, args]) {
  const began = Date.now()
  console.log(`\n== ${title}`)
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  console.log(
    `== ${title}: ${status === 0 ? 'ok' : 'FAILED'} (${((Date.now() - began) / 1000).toFixed(1)} s)`,
  )
  return status === 0
}

function step(title, command) {
  if (run(title, command)) passed++
  else failed++
}

function specs() {
  const folder = mkdtempSync(join(tmpdir(), 'dnt-specs-'))
  const report = join(folder, 'report.json')
  const ok = run(
    'specs',
    npx('vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`),
  )
  if (existsSync(report)) {
    const counts = JSON.parse(readFileSync(report, 'utf8'))
    passed += counts.numPassedTests
    failed += counts.numFailedTests
    if (!ok && counts.numFailedTests === 0) failed++
  } else failed++
  rmSync(folder, { recursive: true, force: true })
}

/** What the comparisons with the machine's own kernel and tools need; without it those are skipped. */
function optionalTools() {
  const wanted = 'iproute2 iputils-ping iptables bridge-utils tcpdump tshark'
  const missing = spawnSync('sh', [
    '-c',
    'for p in ip ping iptables brctl tcpdump tshark; do command -v $p || exit 1; done',
  ])
  if (process.env.CI !== 'true' || process.getuid?.() !== 0 || missing.status === 0) return
  if (spawnSync('apt-get', ['--version']).status !== 0) return
  console.log(`\n== optional tools: ${wanted}`)
  const script = `apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends ${wanted}`
  const { status } = spawnSync('sh', ['-c', script], {
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 300_000,
  })
  console.log(
    status === 0
      ? '== optional tools: installed'
      : '== optional tools: not installed; what needs them is skipped',
  )
}

optionalTools()
step('build', ['node', ['test/build.mjs']])
step('format and lint', npx('biome', 'check', '.'))
step('types', npx('tsc', '--noEmit', '-p', '.'))
step('types of the pure simulation', npx('tsc', '--noEmit', '-p', 'src/sim'))
specs()
if (existsSync(join(root, 'lessons'))) step('lessons', ['node', ['dist/cli.js', 'lint', 'lessons']])

console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
