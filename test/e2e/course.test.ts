/** The whole course, on the built program in a pseudo-terminal, from the first lesson to the last. */
import { spawnSync } from 'node:child_process'
import { afterAll, describe, expect, it } from 'vitest'
import { loadCourse } from '../../src/course/load.ts'
import { packFiles } from '../course/helpers.ts'
import { CLI, newHome } from './program.ts'
import { walkLesson } from './walk-lesson.ts'

const home = newHome()
afterAll(() => home.remove())

describe('the course', () => {
  const { lessons } = loadCourse(packFiles().lessons).course

  it('can be gone through to the end: 100 %', async () => {
    // Two copies of the program at once, on one progress file.
    const waiting = [...lessons]
    const learner = async (): Promise<void> => {
      for (let lesson = waiting.shift(); lesson !== undefined; lesson = waiting.shift())
        await walkLesson(home.folder, lesson)
    }
    await Promise.all([learner(), learner()])
    const { stdout } = spawnSync(process.execPath, [CLI, 'progress', '--json'], {
      encoding: 'utf8',
      env: { ...process.env, DOCKER_NET_TUTOR_HOME: home.folder },
    })
    const progress = JSON.parse(stdout) as { percent: number; lessons: { id: string; state: string }[] }
    expect(progress.lessons.filter(({ state }) => state !== 'mastered')).toEqual([])
    expect(progress.percent).toBe(100)
  }, 180_000)
})
