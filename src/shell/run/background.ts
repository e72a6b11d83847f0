/** `command &`. bash(1) "Lists" */
import type { Statement } from 'unbash'
import type { ProcessOverrides } from '../../sim/kernel/task/process.ts'
import type { Interpreter } from '../interpreter.ts'
import { addJob } from '../jobs.ts'
import { runNode } from './node.ts'
import { startStages } from './pipeline.ts'
import { type Child, forkProcess, startChild } from './subshell.ts'

export async function startBackground(shell: Interpreter, statement: Statement): Promise<number> {
  const { command } = statement
  const { interactive } = shell.state
  const descriptors = new Map(shell.process.descriptors)
  if (!interactive) descriptors.set(0, { kind: 'null' })
  const overrides: ProcessOverrides = interactive
    ? { group: -1, descriptors }
    : { descriptors, ignored: new Set([2, 3]) }
  let children: Child[]
  if (command.type === 'Pipeline' && command.prefixes.length === 0 && command.commands.length > 1) {
    children = await startStages(shell, command, overrides)
  } else {
    const process = await forkProcess(shell, overrides)
    const code = (child: Interpreter): Promise<number> => {
      child.mayReplace = true
      return runNode(child, command)
    }
    children = [startChild(shell, process, code)]
  }
  const last = children.at(-1)!.process
  const number = last.pids.get(shell.process.pidns) ?? last.pid
  shell.state.lastBackground = number
  const job = addJob(
    shell,
    children,
    shell.source.slice(statement.pos, statement.end).replace(/\s*&\s*$/, ''),
    'running',
  )
  if (interactive && shell.state.dialect === 'bash') await shell.write(2, `[${job.number}] ${number}\n`)
  return 0
}
