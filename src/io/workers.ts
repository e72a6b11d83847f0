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
  const idle: Seat<Task, Answer>[] = []
  const next = (): void => {
    while (idle.length > 0 && waiting.length > 0) idle.pop()!.take(waiting.shift()!)
  }
  const seats = Array.from({ length: Math.min(MOST, availableParallelism()) }, () => {
    const seat = new Seat<Task, Answer>(new Worker(script, { workerData: data }), () => {
      idle.push(seat)
      next()
    })
    idle.push(seat)
    return seat
  })
  return {
    run: (task) =>
      new Promise((resolve, reject) => {
        waiting.push({ task, resolve, reject })
        next()
      }),
    close: async () => void (await Promise.all(seats.map((seat) => seat.worker.terminate()))),
  }
}

/** One thread and what it works on. */
class Seat<Task, Answer> {
  readonly worker: Worker
  private job: Job<Task, Answer> | null = null

  constructor(worker: Worker, onFree: () => void) {
    this.worker = worker
    worker.on('message', (answer: Answer) => {
      this.finish()?.resolve(answer)
      onFree()
    })
    worker.on('error', (problem: Error) => this.finish()?.reject(problem))
    worker.on('exit', (status) => this.finish()?.reject(new Error(`a thread ended with status ${status}`)))
  }

  take(job: Job<Task, Answer>): void {
    this.job = job
    this.worker.postMessage(job.task)
  }

  private finish(): Job<Task, Answer> | null {
    const job = this.job
    this.job = null
    return job
  }
}

/** In a thread: answers each task that comes. */
export function serveTasks<Task, Answer>(answer: (task: Task) => Promise<Answer>): void {
  parentPort?.on('message', async (task: Task) => parentPort?.postMessage(await answer(task)))
}
