import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadCourse } from '../../src/course/load.ts'
import {
  mergeProgress,
  NO_PROGRESS,
  nextStep,
  noteProgress,
  type Progress,
  type ProgressChange,
  readProgress,
  stepsToRepeat,
  taskProgress,
} from '../../src/course/progress.ts'
import { packFiles } from './helpers.ts'

const name = fc.constantFrom('a', 'b', 'c')
const at = fc.integer({ min: 0, max: 50 })
const answer = fc.record({ at, right: fc.boolean(), given: name })
const where = { lesson: name, step: name, task: name }
const change: fc.Arbitrary<ProgressChange> = fc.oneof(
  fc.record({ kind: fc.constant('entered' as const), lesson: name, step: name, at }),
  fc.record({ kind: fc.constant('done' as const), ...where, at }),
  fc.record({ kind: fc.constant('answered' as const), ...where, answer }),
  fc.record({ kind: fc.constant('hinted' as const), ...where, rungs: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant('solution-shown' as const), ...where }),
  fc.record({ kind: fc.constant('quiz' as const), question: name, answer }),
)
const made = (changes: readonly ProgressChange[]): Progress => changes.reduce(noteProgress, NO_PROGRESS)
const progress = fc.array(change, { maxLength: 12 }).map(made)

describe('merging progress', () => {
  it('loses nothing, whatever the order', () => {
    fc.assert(
      fc.property(progress, progress, progress, (x, y, z) => {
        expect(mergeProgress(x, x)).toEqual(x)
        expect(mergeProgress(x, y)).toEqual(mergeProgress(y, x))
        expect(mergeProgress(mergeProgress(x, y), z)).toEqual(mergeProgress(x, mergeProgress(y, z)))
      }),
    )
  })

  it('is the same as having done both', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), fc.array(change, { maxLength: 8 }), (x, y) => {
        expect(mergeProgress(made(x), made(y))).toEqual(made([...x, ...y]))
      }),
    )
  })

  it('goes through JSON', () => {
    fc.assert(
      fc.property(progress, (x) => {
        expect(readProgress(JSON.parse(JSON.stringify(x)))).toEqual(x)
      }),
    )
    expect(readProgress({ format: 2, lessons: {}, quiz: {} })).toBeNull()
    expect(readProgress('x')).toBeNull()
  })
})

describe('the way through the course', () => {
  const { course } = loadCourse(packFiles().lessons)
  const finish = (upTo: number): Progress =>
    made(
      course.lessons
        .slice(0, upTo)
        .flatMap((lesson) =>
          lesson.steps.flatMap((step) =>
            step.blocks.flatMap((block) =>
              block.kind === 'task'
                ? [{ kind: 'done' as const, lesson: lesson.id, step: step.id, task: block.task.id, at: 1 }]
                : [],
            ),
          ),
        ),
    )

  it('goes on with the first step that is not done', () => {
    expect(nextStep(NO_PROGRESS, course)?.lesson).toBe('networking-types')
    expect(nextStep(finish(2), course)).toEqual({
      lesson: 'closer-look',
      step: course.lessons[2]!.steps[0]!.id,
    })
    expect(nextStep(finish(99), course)).toBeNull()
  })

  it('comes back to what went hard', () => {
    const lesson = course.lessons[0]!
    const step = lesson.steps[0]!
    const task = `${step.id}-2`
    const place = { lesson: lesson.id, step: step.id, task }
    const wrong = (n: number): ProgressChange => ({
      kind: 'answered',
      ...place,
      answer: { at: n, right: false, given: 'x' },
    })
    expect(stepsToRepeat(made([wrong(1)]), course)).toEqual([])
    const hard = made([
      wrong(1),
      wrong(2),
      { kind: 'answered', ...place, answer: { at: 3, right: true, given: 'y' } },
    ])
    expect(stepsToRepeat(hard, course)).toEqual([{ lesson: lesson.id, step: step.id }])
    expect(taskProgress(hard, lesson.id, step.id, task).doneAt).toBe(3)
  })
})
