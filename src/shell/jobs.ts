/** Jobs of an interactive shell: what runs behind, what was stopped. bash(1) "JOB CONTROL" */
import type { Interpreter } from './interpreter.ts'
import type { Child } from './run/subshell.ts'
import type { Job } from './state.ts'

export function addJob(
  shell: Interpreter,
  children: readonly Child[],
  text: string,
  state: 'running' | 'stopped',
): Job {
  const { jobs } = shell.state
  const number = Math.max(0, ...jobs.map((job) => job.number)) + 1
  const pids = children.map((child) => child.process.pid)
  const job: Job = { number, pids, group: children[0]!.process.group, text, state, status: 0 }
  jobs.push(job)
  shell.children.set(number, children)
  return job
}

/** Brings the table up to date with the processes. */
export function refreshJobs(shell: Interpreter): void {
  for (const job of shell.state.jobs) {
    const children = shell.children.get(job.number)
    if (children !== undefined) {
      if (children.every((child) => child.handle.done)) finish(job, children.at(-1)!.handle.status)
      else job.state = children.some((child) => child.process.state === 'stopped') ? 'stopped' : 'running'
    } else if (job.pids.every((pid) => isGone(shell, pid))) finish(job, statusOf(shell, job.pids.at(-1)!))
  }
}

function finish(job: Job, status: number): void {
  job.state = 'done'
  job.status = status
}

function isGone(shell: Interpreter, pid: number): boolean {
  const process = shell.kernel.processes.get(pid)
  return process === undefined || process.exitStatus !== null
}

function statusOf(shell: Interpreter, pid: number): number {
  return shell.kernel.processes.get(pid)?.exitStatus ?? 0
}

/** `[1]+  Running                 sleep 100 &`. */
export function jobLine(shell: Interpreter, job: Job, withPid = false): string {
  const { jobs } = shell.state
  const mark = job === jobs.at(-1) ? '+' : job === jobs.at(-2) ? '-' : ' '
  const state = job.state === 'done' ? endState(job.status) : job.state === 'stopped' ? 'Stopped' : 'Running'
  const pid = withPid ? `${job.pids[0]} ` : ''
  return `[${job.number}]${mark}  ${pid}${state.padEnd(24)}${job.text}${job.state === 'running' ? ' &' : ''}\n`
}

function endState(status: number): string {
  if (status === 0) return 'Done'
  const names: Record<number, string> = { 129: 'Hangup', 130: 'Interrupt', 137: 'Killed', 143: 'Terminated' }
  return names[status] ?? `Exit ${status}`
}

export async function reportStopped(shell: Interpreter, job: Job): Promise<void> {
  await shell.write(2, `\n${jobLine(shell, job)}`)
}

/** Before a prompt: what has ended since the last one. */
export async function reportDone(shell: Interpreter): Promise<void> {
  refreshJobs(shell)
  for (const job of shell.state.jobs.filter((one) => one.state === 'done')) {
    await shell.write(2, jobLine(shell, job))
    forgetJob(shell, job)
  }
}

export function forgetJob(shell: Interpreter, job: Job): void {
  shell.state.jobs = shell.state.jobs.filter((one) => one !== job)
  shell.children.delete(job.number)
}

/** `%1`, `%%`, `%+`, `%-`, `%name`, or a pid. */
export function findJob(shell: Interpreter, text: string | undefined): Job | undefined {
  const { jobs } = shell.state
  if (text === undefined || text === '%%' || text === '%+' || text === '%') return jobs.at(-1)
  if (text === '%-') return jobs.at(-2) ?? jobs.at(-1)
  const number = /^%(\d+)$/.exec(text)?.[1]
  if (number !== undefined) return jobs.find((job) => job.number === Number(number))
  if (text.startsWith('%')) return jobs.find((job) => job.text.startsWith(text.slice(1)))
  return jobs.find((job) => job.pids.some((pid) => pidHere(shell, pid) === Number(text)))
}

export function pidHere(shell: Interpreter, pid: number): number {
  const child = [...shell.children.values()].flat().find((one) => one.process.pid === pid)?.process
  return (child ?? shell.kernel.processes.get(pid))?.pids.get(shell.process.pidns) ?? pid
}
