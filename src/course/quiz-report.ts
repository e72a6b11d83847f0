/** The result of a round for others to read: as Markdown, and as JSON for programs. */
import type { QuizItem } from './quiz-item.ts'
import { PASS_PERCENT, percentOf, type QuizResult } from './quiz-result.ts'

export const REPORT_FORMAT = 1

export interface ReportHead {
  readonly mode: 'practice' | 'exam' | 'review'
  readonly topic: string | null
  readonly seed: number
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly endedAt: number
  readonly minutes: number | null
  /** A step in words: `Netfilter · Five places`. */
  readonly titleOf: (ref: { readonly lesson: string; readonly step: string }) => string
}

const NAMES = { practice: 'Practice', exam: 'Exam', review: 'Review' } as const

export function reportMarkdown(result: QuizResult, head: ReportHead): string {
  const percent = percentOf(result.right, result.count)
  const passed = percent >= PASS_PERCENT ? 'passed' : `not passed (${PASS_PERCENT} % are needed)`
  const lines = [
    `# Docker networking: ${NAMES[head.mode].toLowerCase()}`,
    '',
    `- Date: ${new Date(head.startedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    `- Time: ${duration(head)}${head.minutes === null ? '' : ` of ${head.minutes} min`}`,
    `- Seed: ${head.seed}${head.topic === null ? '' : `, topic ${head.topic}`}`,
    `- Score: **${result.right} of ${result.count}** (${percent} %)${head.mode === 'exam' ? `: ${passed}` : ''}`,
    '',
    '## By topic',
    '',
    '| Topic | Right | Of |',
    '| --- | ---: | ---: |',
    ...result.topics.map(({ title, right, count }) => `| ${cell(title)} | ${right} | ${count} |`),
    '',
    '## To repeat',
    '',
    ...(result.repeat.length === 0 ? ['Nothing.'] : result.repeat.map((ref) => `- ${stepLine(ref, head)}`)),
    '',
    '## Questions',
    ...result.review.flatMap(({ item, given, right, correct }, i) => [
      '',
      `### ${i + 1}. ${right ? 'Right' : given === null ? 'Not answered' : 'Wrong'}`,
      '',
      item.ask.trim(),
      ...block(item.exhibit),
      '',
      ...(given === null ? [] : [`- Answered: ${given}`]),
      ...(right ? [] : [`- Right: ${correct}`]),
      `- Because: ${item.why.trim()}`,
      `- Read: ${stepLine(item, head)}`,
    ]),
  ]
  return `${lines.join('\n')}\n`
}

function stepLine(ref: { lesson: string; step: string }, head: ReportHead): string {
  return `${head.titleOf(ref)} (\`${ref.lesson}#${ref.step}\`)`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

function block(text: string | null): string[] {
  return text === null ? [] : ['', '```', ...text.trimEnd().split('\n'), '```']
}

function duration({ startedAt, endedAt }: ReportHead): string {
  const seconds = Math.max(0, Math.round((endedAt - startedAt) / 1000))
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

export function reportData(result: QuizResult, head: ReportHead) {
  const percent = percentOf(result.right, result.count)
  return {
    format: REPORT_FORMAT,
    program: 'docker-net-tutor',
    mode: head.mode,
    topic: head.topic,
    seed: head.seed,
    startedAt: new Date(head.startedAt).toISOString(),
    seconds: Math.max(0, Math.round((head.endedAt - head.startedAt) / 1000)),
    minutes: head.minutes,
    right: result.right,
    asked: result.asked,
    count: result.count,
    percent,
    passed: head.mode === 'exam' ? percent >= PASS_PERCENT : null,
    topics: result.topics,
    repeat: result.repeat.map(({ lesson, step, missed }) => ({
      lesson,
      step,
      missed,
      title: head.titleOf({ lesson, step }),
    })),
    questions: result.review.map(({ item, given, right, correct }) => ({
      ...questionData(item),
      given,
      right,
      correct,
      why: item.why.trim(),
      lesson: item.lesson,
      step: item.step,
    })),
  }
}

function questionData({ id, topic, kind, ask, exhibit }: QuizItem) {
  return { id, topic: topic.id, kind, ask: ask.trim(), exhibit }
}

export function reportJson(result: QuizResult, head: ReportHead): string {
  return `${JSON.stringify(reportData(result, head), null, 2)}\n`
}
