/** Joins the screen's ports to the course and the sessions. */
import type { Tutor } from '../ports.ts'

export interface CourseFiles {
  readonly lessons: readonly { readonly file: string; readonly text: string }[]
  readonly quiz: readonly { readonly file: string; readonly text: string }[]
}

export async function createTutor(_files: CourseFiles): Promise<Tutor> {
  throw new Error('no course yet')
}
