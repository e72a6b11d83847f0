/** The beginning of a step: its setup lines run in the world, unseen by the learner. */
import type { CommandLine, Step, Task } from './lesson.ts'
import type { LineResult, Runner } from './runner.ts'

export interface SetupFailure {
  readonly line: CommandLine
  readonly result: LineResult
}

/** Lines that failed; there are none in a lesson that has been proved. */
export async function beginStep(runner: Runner, step: Step): Promise<SetupFailure[]> {
  const failures: SetupFailure[] = []
  for (const block of step.blocks) {
    if (block.kind !== 'setup') continue
    for (const line of block.lines) {
      const result = await runner.run(line)
      if (result.status !== 0) failures.push({ line, result })
    }
  }
  return failures
}

export function tasksOf(step: Step): Task[] {
  return step.blocks.flatMap((block) => (block.kind === 'task' ? [block.task] : []))
}
