/** One input of grep, line by line as it comes: what matches, its context, its count. grep(1) */
import type { CommandContext } from '../context.ts'

export interface Plan {
  /** With the flag `g`. */
  readonly regExp: RegExp
  readonly inverted: boolean
  /** Name each line's input. */
  readonly titled: boolean
  readonly numbered: boolean
  readonly only: boolean
  /** What is said of an input: its lines, how many, its name if there is a match or none, or nothing at all. */
  readonly report: 'lines' | 'count' | 'matching' | 'without' | 'nothing'
  readonly before: number
  readonly after: number
  /** Stop after so many lines. */
  readonly most: number
}

/** True when a line matched. */
export async function searchLines(
  context: CommandContext,
  plan: Plan,
  name: string,
  lines: AsyncGenerator<string>,
): Promise<boolean> {
  const printer = new Printer(context, plan, name)
  let count = 0
  let number = 0
  for await (const raw of lines) {
    number++
    const line = raw.replace(/\n$/, '')
    if (matches(plan, line)) {
      count++
      if (plan.report === 'nothing' || plan.report === 'matching') break
      printer.matched(line, number)
      await context.flush()
    } else printer.passed(line, number)
    if (count >= plan.most && !printer.owes) break
  }
  if (plan.report === 'count') context.out(`${plan.titled ? `${name}:` : ''}${count}\n`)
  if (plan.report === 'matching' && count > 0) context.out(`${name}\n`)
  if (plan.report === 'without' && count === 0) context.out(`${name}\n`)
  return count > 0
}

function matches(plan: Plan, line: string): boolean {
  plan.regExp.lastIndex = 0
  return plan.regExp.test(line) !== plan.inverted
}

/** Prints lines with what comes before and after them; silent when only a count or a name is asked for. */
class Printer {
  private readonly waiting: string[] = []
  private owed = 0
  private shown = 0
  private readonly context: CommandContext
  private readonly plan: Plan
  private readonly name: string

  constructor(context: CommandContext, plan: Plan, name: string) {
    this.context = context
    this.plan = plan
    this.name = name
  }

  /** Lines after a match are still to come. */
  get owes(): boolean {
    return this.owed > 0
  }

  matched(line: string, number: number): void {
    const { plan } = this
    if (plan.report !== 'lines') return
    if (plan.only) {
      this.printParts(line, number)
      return
    }
    const isApart = this.shown > 0 && number - this.waiting.length > this.shown + 1
    if (plan.before + plan.after > 0 && isApart) this.context.out('--\n')
    for (const [i, text] of this.waiting.entries()) this.print(text, number - this.waiting.length + i, '-')
    this.waiting.length = 0
    this.print(line, number, ':')
    this.owed = plan.after
  }

  passed(line: string, number: number): void {
    if (this.plan.report !== 'lines') return
    if (this.owed > 0) {
      this.print(line, number, '-')
      this.owed--
    } else if (this.plan.before > 0) {
      this.waiting.push(line)
      if (this.waiting.length > this.plan.before) this.waiting.shift()
    }
  }

  /** `-o`; nothing of a line that was chosen for not matching. */
  private printParts(line: string, number: number): void {
    const { regExp, inverted } = this.plan
    if (inverted) return
    // `test` has moved on behind the first match; matchAll would begin there.
    regExp.lastIndex = 0
    for (const [part] of line.matchAll(regExp)) if (part !== '') this.print(part, number, ':')
  }

  private print(line: string, number: number, mark: ':' | '-'): void {
    const title = this.plan.titled ? `${this.name}${mark}` : ''
    this.context.out(`${title}${this.plan.numbered ? `${number}${mark}` : ''}${line}\n`)
    this.shown = number
  }
}
