/** `npm run bench`: speed as ratios measured in one run, and figures beside what they aim for. */
import { measureHops } from './hops.ts'
import { measureEngine, measureScale } from './scale.ts'

interface Figure {
  readonly name: string
  readonly value: string
  readonly aim: string
}

const figures: Figure[] = []

function report(name: string, value: string, aim = ''): void {
  figures.push({ name, value, aim })
  console.error(`${name}: ${value}`)
}

async function screen(): Promise<void> {
  const { measureStart } = await import('./start.ts')
  const start = await measureStart()
  report('first frame / bare node', start.firstFrameRatio.toFixed(2), '≤ 3')
  report('first echoed key / bare node', start.firstKeyRatio.toFixed(2))
  const { measureKeys } = await import('./keys.ts')
  const keys = await measureKeys('networking-types')
  report('key to paint, median', `${keys.medianMs.toFixed(2)} ms`)
  report('key to paint, p95', `${keys.p95Ms.toFixed(2)} ms`, '≤ 5 ms')
}

function hops(): void {
  const plain = measureHops(false, 2)
  const traced = measureHops(true, 2)
  report('hops a second, no trace', plain.hopsPerSecond.toLocaleString('en'), '≥ 300,000')
  report('hops a second, full trace', traced.hopsPerSecond.toLocaleString('en'), '≥ 100,000')
  report('cost of the trace', `${(plain.hopsPerSecond / traced.hopsPerSecond).toFixed(2)} ×`)
}

async function scale(): Promise<void> {
  const results = []
  for (const containers of [10, 100, 1000]) results.push(await measureScale(containers))
  const [small] = results
  for (const one of results) {
    const per = (ms: number, of: number): string => `${ms.toFixed(0)} ms (${(ms / of).toFixed(2)} × the 10)`
    const { containers: n } = one
    report(`${n} containers: create`, per(one.createMs, small!.createMs), n === 1000 ? '≤ 3,000 ms' : '')
    report(`${n} containers: docker ps`, per(one.psMs, small!.psMs))
    report(`${n} containers: ip addr`, per(one.addrMs, small!.addrMs))
    report(`${n} containers: ping`, per(one.pingMs, small!.pingMs))
    report(`${n} containers: heap`, `${one.heapMiB.toFixed(0)} MiB`)
  }
}

async function engine(): Promise<void> {
  const result = await measureEngine()
  report('docker run -d among 1,000 containers', `${result.runMs.toFixed(2)} ms`, '≤ 1 ms')
  report('network inspect, 1,000 endpoints', `${result.inspectMs.toFixed(1)} ms`, '≤ 20 ms')
  report('100 networks × 10 containers', `${result.hundredNetworksMs.toFixed(0)} ms`, '≤ 2,000 ms')
}

const wanted = process.argv.slice(2)
const runs = (name: string): boolean => wanted.length === 0 || wanted.includes(name)
if (runs('hops')) hops()
if (runs('scale')) await scale()
if (runs('engine')) await engine()
if (runs('screen')) await screen()

const width = Math.max(...figures.map((one) => one.name.length))
for (const { name, value, aim } of figures) console.log(`${name.padEnd(width)}  ${value.padEnd(28)}  ${aim}`)
