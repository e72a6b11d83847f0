/** One command of the tree by its kind: lists, conditions, loops, groups. bash(1) "Compound Commands" */
import type {
  AndOr,
  ArithmeticFor,
  Case,
  CompoundList,
  For,
  If,
  PipelineNode,
  Redirected,
  While,
} from 'unbash'
import { BreakLoop, ContinueLoop, ExpansionError } from '../control.ts'
import { evaluateArithmetic } from '../expand/arithmetic.ts'
import { patternRegExp } from '../expand/pattern.ts'
import { expandToPattern, expandToText, expandWords } from '../expand/word.ts'
import type { Interpreter } from '../interpreter.ts'
import { setVariable } from '../variables.ts'
import { evaluateTest } from './condition.ts'
import { runPipeline } from './pipeline.ts'
import { withRedirects } from './redirect.ts'
import { runSelect } from './select.ts'
import { runSimple } from './simple.ts'
import { runSubshell } from './subshell.ts'

export async function runNode(
  shell: Interpreter,
  node: PipelineNode | AndOr | CompoundList,
): Promise<number> {
  switch (node.type) {
    case 'Command':
      return runSimple(shell, node)
    case 'AndOr':
      return runAndOr(shell, node)
    case 'CompoundList':
      return runList(shell, node)
    case 'BraceGroup':
      return runList(shell, node.body)
    case 'Pipeline':
      return runPipeline(shell, node)
  }
  const replace = shell.mayReplace
  shell.mayReplace = false
  try {
    return await runCompound(shell, node)
  } catch (problem) {
    if (!(problem instanceof ExpansionError) || shell.where !== 'interactive') throw problem
    await shell.complain(problem.message)
    return problem.status
  } finally {
    shell.mayReplace = replace
  }
}

async function runCompound(shell: Interpreter, node: PipelineNode): Promise<number> {
  switch (node.type) {
    case 'If':
      return runIf(shell, node)
    case 'For':
      return runFor(shell, node)
    case 'ArithmeticFor':
      return runArithmeticFor(shell, node)
    case 'While':
      return runWhile(shell, node)
    case 'Case':
      return runCase(shell, node)
    case 'Select':
      return runSelect(shell, node)
    case 'Subshell':
      return shell.checkStatus(await runSubshell(shell, node))
    case 'TestCommand':
      return shell.checkStatus((await evaluateTest(shell, node.expression)) ? 0 : 1)
    case 'ArithmeticCommand':
      return shell.checkStatus(
        (await evaluateArithmetic(shell, node.expression, `((: ${node.body.trim()}`)) === 0n ? 1 : 0,
      )
    case 'Redirected':
      return runRedirected(shell, node)
    case 'Function':
      shell.state.functions.set(node.name.value, shell.source.slice(node.body.pos, node.body.end))
      return 0
    case 'Coproc':
      throw new ExpansionError('coproc: not modelled here', 95)
    default:
      return runNode(shell, node)
  }
}

export async function runList(shell: Interpreter, list: CompoundList): Promise<number> {
  return shell.runStatements(list.commands)
}

async function runAndOr(shell: Interpreter, node: AndOr): Promise<number> {
  const replace = shell.mayReplace
  const { isTop } = shell
  shell.isTop = false
  let status = 0
  for (const [index, command] of node.commands.entries()) {
    if (isTop) shell.notePending(command.end)
    const operator = node.operators[index - 1]
    if (operator === '&&' && status !== 0) continue
    if (operator === '||' && status === 0) continue
    const isLast = index === node.commands.length - 1
    shell.mayReplace = replace && isLast
    status = isLast ? await runNode(shell, command) : await shell.guard(() => runNode(shell, command))
    shell.state.status = status
  }
  return status
}

async function runIf(shell: Interpreter, node: If): Promise<number> {
  for (const branch of [node, ...node.elif]) {
    if ((await shell.guard(() => runList(shell, branch.clause))) === 0) return runList(shell, branch.then)
  }
  shell.state.status = 0
  return node.else === undefined ? 0 : runList(shell, node.else)
}

/** One turn of a loop: `break` and `continue` end here, or go on outwards. */
async function turn(shell: Interpreter, body: CompoundList): Promise<'next' | 'end'> {
  try {
    await shell.tick()
    await runList(shell, body)
    return 'next'
  } catch (problem) {
    if (!(problem instanceof BreakLoop) && !(problem instanceof ContinueLoop)) throw problem
    shell.state.status = 0
    if (problem.levels > 1) {
      const Outer = problem instanceof BreakLoop ? BreakLoop : ContinueLoop
      throw new Outer(problem.levels - 1)
    }
    return problem instanceof BreakLoop ? 'end' : 'next'
  }
}

async function looping(shell: Interpreter, code: () => Promise<void>): Promise<number> {
  shell.loops++
  try {
    await code()
  } catch (problem) {
    if (!(problem instanceof BreakLoop || problem instanceof ContinueLoop) || shell.loops > 1) throw problem
  } finally {
    shell.loops--
  }
  return shell.state.status
}

async function runFor(shell: Interpreter, node: For): Promise<number> {
  const values =
    node.wordlist === undefined ? [...shell.state.positional] : await expandWords(shell, node.wordlist)
  if (values.length === 0) shell.state.status = 0
  return looping(shell, async () => {
    for (const value of values) {
      setVariable(shell, node.name.value, value)
      if ((await turn(shell, node.body)) === 'end') break
    }
  })
}

async function runArithmeticFor(shell: Interpreter, node: ArithmeticFor): Promise<number> {
  await evaluateArithmetic(shell, node.initialize)
  shell.state.status = 0
  return looping(shell, async () => {
    while (node.test === undefined || (await evaluateArithmetic(shell, node.test)) !== 0n) {
      if ((await turn(shell, node.body)) === 'end') break
      await evaluateArithmetic(shell, node.update)
    }
  })
}

async function runWhile(shell: Interpreter, node: While): Promise<number> {
  let status = 0
  const result = await looping(shell, async () => {
    for (;;) {
      await shell.tick()
      const holds = (await shell.guard(() => runList(shell, node.clause))) === 0
      if (holds !== (node.kind === 'while')) break
      if ((await turn(shell, node.body)) === 'end') {
        status = 0
        break
      }
      status = shell.state.status
    }
    shell.state.status = status
  })
  return result
}

async function runCase(shell: Interpreter, node: Case): Promise<number> {
  const text = await expandToText(shell, node.word)
  let falls = false
  shell.state.status = 0
  for (const item of node.items) {
    if (!falls && !(await matchesAny(shell, item.pattern, text))) continue
    await runList(shell, item.body)
    if (item.terminator === ';&') falls = true
    else if (item.terminator === ';;&') falls = false
    else break
  }
  return shell.state.status
}

async function matchesAny(
  shell: Interpreter,
  patterns: Case['items'][number]['pattern'],
  text: string,
): Promise<boolean> {
  for (const pattern of patterns) {
    if (patternRegExp(await expandToPattern(shell, pattern)).test(text)) return true
  }
  return false
}

async function runRedirected(shell: Interpreter, node: Redirected): Promise<number> {
  return withRedirects(shell, node.redirects, () => runNode(shell, node.command))
}
