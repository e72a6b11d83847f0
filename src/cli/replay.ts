/** `replay FILE.scn`: a scenario's transcript on stdout. */
import type { Request } from '../headless/arguments.ts'
import { attempt, print } from './refusal.ts'

export async function replayFile(request: Request & { kind: 'replay' }): Promise<void> {
  const { readTextFile } = await import('../io/text-files.ts')
  const { file, world, engine, seed } = request
  const text = attempt(`cannot read ${file}`, () => readTextFile(file))
  const { replay } = await import('../headless/replay.ts')
  const { ScenarioError } = await import('../headless/scenario.ts')
  try {
    print(await replay(text, { world, engine, seed }))
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error
    process.stderr.write(`${file}:${error.line}: ${error.message}\n`)
    process.exitCode = 1
  }
}
