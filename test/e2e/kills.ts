/** node test/run-ts.mjs test/e2e/kills.ts [COUNT] [SEED]: `npm run build` first. Exit 1 when anything was lost. */
import { killAgainAndAgain } from './kill-lives.ts'

const [count = '1000', seed = '1'] = process.argv.slice(2)
const { kills, lines, problems } = await killAgainAndAgain(Number(count), Number(seed), (text) =>
  process.stdout.write(text),
)
console.log(`${kills} kills, ${lines} lines kept, ${problems.length} problems`)
process.exitCode = problems.length === 0 ? 0 : 1
