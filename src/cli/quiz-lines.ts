/** `quiz --json`: a round for scripts, and results as files. */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Reviews } from '../course/reviews.ts'
import type { Request } from '../headless/arguments.ts'
import type { PackFiles } from '../headless/lint.ts'

/** `quiz --json`. */
export async function quizLines(
  request: Request & { kind: 'quiz' },
  files: PackFiles,
  ports: QuizPorts,
): Promise<void> {
  const [{ quizJson }, { services }, { openLines }] = await Promise.all([
    import('../headless/quiz-json.ts'),
    import('../session/services.ts'),
    import('../io/lines.ts'),
  ])
  const { next, print: say, close } = openLines()
  const { progress } = ports
  const options = { ...request, seed: request.seed ?? Date.now() % 1_000_000 }
  const round = await quizJson(options, {
    files,
    services,
    reviews: progress.reviews(),
    now: () => Date.now(),
    next,
    print: say,
    record: progress.record,
  })
  close()
  if (round === null) process.exitCode = 1
  else if (request.exportTo !== null) {
    const { reportJson, reportMarkdown } = await import('../course/quiz-report.ts')
    const report = request.exportTo.endsWith('.json') ? reportJson : reportMarkdown
    writeFile(request.exportTo, report(round.result(), round.reportHead()))
  }
}

interface QuizPorts {
  readonly progress: {
    record(event: { readonly kind: string }): void
    reviews(): Reviews
  }
}

/** What the learner asked for by name; the path that was written. */
export function writeFile(name: string, text: string): string {
  const path = resolve(name)
  writeFileSync(path, text)
  return path
}
