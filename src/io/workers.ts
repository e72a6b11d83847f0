/** A few threads that share work: each runs the program itself, is handed tasks one by one, and answers. */
import { availableParallelism } from 'node:os'
import { parentPort, Worker } from 'node:worker_threads'

const MOST = 8

export interface WorkerPool<Task, Answer> {
  readonly run: (task: Task) => Promise<Answer>
  readonly close: () => Promise<void>
}

interface Job<Task, Answer> {
  readonly task: Task
  readonly resolve: (answer: Answer) => void
  readonly reject: (problem: Error) => void
}

/** `script` is the program's own file; `data` tells it what it is to work on. */
export function openWorkers<Task, Answer>(script: string, data: unknown): WorkerPool<Task, Answer> {
  const waiting: Job<Task, Answer>[] = []
  const idle: Worker[] = []
  const workers = Array.from({ length: Math.min(MOST, availableParallelism()) }, () => {
    const worker = new Worker(script, { workerData: data, stdout: false, stderr: false })
    idle.push(worker)
    return worker
  })
  const next = (): void => {
    const worker = idle.pop()
    if (worker === undefined) return
    const job = waiting.shift()
    if (job === undefined) {
      idle.push(worker)
      return
    }
    const settle = (): void => {
      worker.removeAllListeners()
      idle.push(worker)
      next()
    }
    worker.once('message', (answer: Answer) => {
      settle()
      job.resolve(answer)
    })
    worker.once('error', (problem: Error) => {
      worker.removeAllListeners()
      job.reject(problem)
    })
    worker.postMessage(job.task)
  }
  return {
    run: (task) =>
      new Promise((resolve, reject) => {
        waiting.push({ task, resolve, reject })
        next()
      }),
    close: async () => void (await Promise.all(workers.map((worker) => worker.terminate()))),
  }
}

/** Answers each task that comes. */
export function serveTasks<Task, Answer>(answer: (task: Task) => Promise<Answer>): void {
  parentPort?.on('message', async (task: Task) => parentPort?.postMessage(await answer(task)))
}
