// compare-cli.ts REAL SIMULATED [-v | -q]: hold a simulated transcript against the recording of the same
// scenario. The last line is `AGREED of ALL commands agree[, N more but for identities]`; exit status 0 when all
// agree, 1 otherwise. -v prints a diff of each command that does not agree, -q only the last line.

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { compare } from './compare.ts'
import { report } from './report.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { verbose: { type: 'boolean', short: 'v' }, quiet: { type: 'boolean', short: 'q' } },
})
const [real, simulated] = positionals
if (real === undefined || simulated === undefined || positionals.length > 2) {
  console.error('usage: compare-cli.ts REAL SIMULATED [-v | -q]')
  process.exit(2)
}
const verdicts = compare(readFileSync(real, 'utf8'), readFileSync(simulated, 'utf8'))
const options = { verbose: values.verbose ?? false, quiet: values.quiet ?? false }
console.log(report(verdicts, options).join('\n'))
process.exitCode = verdicts.agreed === verdicts.commands.length ? 0 : 1
