/** Pipelines: all stages run at once, each in a process of its own. bash(1) "Pipelines" */
import type { CommandNode, Pipeline } from 'unbash'
import { createPipe } from '../../sim/kernel/task/pipe.ts'
import type { Descriptor } from '../../sim/kernel/task/types.ts'
import type { Interpreter } from '../interpreter.ts'
import { setArray } from '../variables.ts'
import { runNode } from './node.ts'
import { type Child, forkProcess, groupOf, startChild, waitFor } from './subshell.ts'

export async function runPipeline(shell: Interpreter, node: Pipeline): Promise<number> {
  const isNegated = node.prefixes.filter((prefix) => prefix.type === 'Negation').length % 2 === 1
  const isTimed = node.prefixes.some((prefix) => prefix.type === 'Time')
  const began = shell.system.world.nowUs
  const status = isNegated ? await shell.guard(() => runStages(shell, node)) : await runStages(shell, node)
  if (isTimed) await shell.write(2, times(shell.system.world.nowUs - began))
  if (isNegated) return (shell.state.status = status === 0 ? 1 : 0)
  return node.commands.length === 1 ? status : shell.checkStatus(status)
}

function times(us: number): string {
  const format = (seconds: number): string => `${Math.floor(seconds / 60)}m${(seconds % 60).toFixed(3)}s`
  return `\nreal\t${format(us / 1e6)}\nuser\t${format(0)}\nsys\t${format(0)}\n`
}

async function runStages(shell: Interpreter, node: Pipeline): Promise<number> {
  if (node.commands.length === 0) return 0
  if (node.commands.length === 1) {
    shell.mayReplace = false
    return runNode(shell, node.commands[0]!)
  }
  const children = await startStages(shell, node)
  const statuses = await waitFor(shell, children, shell.source.slice(node.pos, node.end))
  if (shell.state.dialect === 'bash') setArray(shell, 'PIPESTATUS', statuses.map(String), false)
  const failed = statuses.filter((status) => status !== 0).at(-1)
  return shell.state.options.has('pipefail') ? (failed ?? 0) : statuses.at(-1)!
}

/** All processes first, so that no writer finds its pipe without a reader; then they run. */
export async function startStages(
  shell: Interpreter,
  node: Pipeline,
  overrides = groupOf(shell),
): Promise<Child[]> {
  const { kernel } = shell
  const stages: { command: CommandNode; process: Awaited<ReturnType<typeof forkProcess>> }[] = []
  let input: Descriptor | null = null
  let group = overrides.group
  for (const [index, command] of node.commands.entries()) {
    const isLast = index === node.commands.length - 1
    const pipe = isLast ? null : createPipe(kernel)
    const descriptors = new Map(overrides.descriptors ?? shell.process.descriptors)
    if (input !== null) descriptors.set(0, input)
    if (pipe !== null) {
      descriptors.set(1, { kind: 'pipe', pipe: pipe.id, end: 'write' })
      if (node.operators[index] === '|&') descriptors.set(2, { kind: 'pipe', pipe: pipe.id, end: 'write' })
    }
    const process = await forkProcess(shell, {
      ...overrides,
      ...(group === undefined ? {} : { group }),
      descriptors,
    })
    if (group === -1) group = process.group
    stages.push({ command, process })
    input = pipe === null ? null : { kind: 'pipe', pipe: pipe.id, end: 'read' }
  }
  return stages.map(({ command, process }) =>
    startChild(shell, process, (child) => {
      child.mayReplace = true
      child.guarded = 0
      return runNode(child, command)
    }),
  )
}
