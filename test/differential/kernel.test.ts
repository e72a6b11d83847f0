/**
 * The simulated host against the machine's own kernel: the same random topologies, the same commands, the same outputs.
 * DIFFERENTIAL_SEEDS=FROM-TO tries others.
 */
import { describe, expect, test } from 'vitest'
import { compare } from '../conformance/compare.ts'
import { disagreements } from '../conformance/report.ts'
import { hasProgram, runForReal, versionOf, whyNot } from './machine.ts'
import { runSimulated } from './simulated.ts'
import { drawScenario } from './topology.ts'
import { drawScenario6 } from './topology6.ts'

const [from = 1, to = 10] = (process.env['DIFFERENTIAL_SEEDS'] ?? '').split('-').filter(Boolean).map(Number)
const SEEDS = Array.from({ length: to - from + 1 }, (_, i) => from + i)
/** At once: they mostly wait. */
const AT_ONCE = 10
const batches = Array.from({ length: Math.ceil(SEEDS.length / AT_ONCE) }, (_, i) =>
  SEEDS.slice(i * AT_ONCE, (i + 1) * AT_ONCE),
)

/** Names of this run's namespaces; a fixed length keeps columns where they are. */
const run = `dnt-${process.pid.toString(36).padStart(5, '0').slice(-5)}`
const reason = whyNot(`${run}-x`)

/** Whether a port without a carrier is DOWN or LOWERLAYERDOWN is decided when that comes about, by what has its number then. */
function settled(transcript: string): string {
  return transcript.replace(/LOWERLAYERDOWN|\bDOWN {10}/g, 'DOWN')
}

describe.skipIf(reason !== null)(reason ?? "as the machine's own kernel does", () => {
  const tools = {
    ping: hasProgram('ping') && versionOf('ping -V').includes('20221126'),
    brctl: hasProgram('brctl'),
    iptables: versionOf('iptables -V').includes('v1.8.9 (nf_tables)'),
  }

  const cases = [
    ['IPv4', drawScenario],
    ['IPv6', drawScenario6],
  ] as const
  const rounds = cases.flatMap(([family, draw]) => batches.map((seeds) => ({ family, draw, seeds })))
  for (const { family, draw, seeds } of rounds) {
    test(`${family}, seeds ${seeds.join(', ')}`, { timeout: 90_000 }, async () => {
      const differences = await Promise.all(
        seeds.map(async (seed) => {
          const { namespaces, lines } = draw(seed, `${run}${seed}-`, tools)
          const real = await runForReal(lines, namespaces)
          const simulated = await runSimulated(lines, seed)
          const verdicts = compare(settled(real), settled(simulated))
          return disagreements(verdicts, true).map((line) => `seed ${seed}: ${line}`)
        }),
      )
      expect(differences.flat().join('\n')).toBe('')
    })
  }
})
