/**
 * What there is to learn: the program's own lessons, those of packs, and the translations into the learner's language.
 * What is wrong with a pack is told with file, line and remedy; the rest of the course does not mind.
 */

import { languageOf, roleOf, titleOf } from '../course/lesson-files.ts'
import { type LessonHead, readHead } from '../course/lesson-head.ts'
import type { CourseFile } from '../course/load.ts'
import type { LoadedPack } from '../course/pack.ts'
import { isFolder, readTextFiles } from '../io/text-files.ts'

export interface LibraryOptions {
  /** Folder of the program's own lessons. */
  readonly folder: string
  readonly packs: readonly string[]
  /** Where packs are looked for. */
  readonly from: string
  /** From the command line; without it the locale decides. */
  readonly lang: string | null
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface Library {
  readonly heads: readonly LessonHead[]
  /** Lessons of the course and the packs, and their translations into this language; read again for each call. */
  files(): { lessons: CourseFile[]; quiz: CourseFile[]; glossary: CourseFile | null }
  /** `FILE:LINE: text`, one for each finding in a pack. */
  readonly complaints: readonly string[]
}

/** Throws what `fs` throws for the program's own folder. */
export async function openLibrary(options: LibraryOptions): Promise<Library> {
  const language = options.lang ?? localeOf(options.env)
  const own = readFolder(options.folder, '.md')
  const { packs, complaints } = await openPacks(options)
  const lessons = inLanguage([...own, ...packs.flatMap((pack) => pack.lessons)], language)
  return {
    heads: headsOf(lessons),
    complaints,
    files: () => ({
      lessons,
      quiz: [...readQuiz(options.folder), ...packs.flatMap((pack) => pack.quiz)],
      glossary: readFolder(options.folder, 'glossary.yaml')[0] ?? null,
    }),
  }
}

/** POSIX: LC_ALL overrides LC_MESSAGES overrides LANG; an empty one counts as not set. */
function localeOf(env: LibraryOptions['env']): string | null {
  return languageOf(env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'])
}

export function readFolder(folder: string, suffix: string): CourseFile[] {
  return readTextFiles(folder, suffix).map(({ file, text }) => ({ name: file, text }))
}

export function readQuiz(folder: string): CourseFile[] {
  const quiz = `${folder}/quiz`
  return isFolder(quiz) ? [...readFolder(quiz, '.yaml'), ...readFolder(quiz, '.yml')] : []
}

function inLanguage(files: readonly CourseFile[], language: string | null): CourseFile[] {
  return files.filter(({ name }) => {
    const role = roleOf(name)
    return role.kind === 'lesson' || (role.kind === 'translation' && role.language === language)
  })
}

function headsOf(files: readonly CourseFile[]): LessonHead[] {
  const titles = new Map<string, { title: string; section: string | null }>()
  for (const { name, text } of files) {
    const role = roleOf(name)
    const found = role.kind === 'translation' ? titleOf(text) : null
    if (role.kind === 'translation' && found !== null) titles.set(role.of, found)
  }
  return files.flatMap(({ name, text }) => {
    if (roleOf(name).kind !== 'lesson') return []
    const head = readHead(text)
    if (head === null) return []
    const words = titles.get(name)
    return words === undefined
      ? head
      : { ...head, title: words.title, section: words.section ?? head.section }
  })
}

async function openPacks(options: LibraryOptions): Promise<{ packs: LoadedPack[]; complaints: string[] }> {
  const packs: LoadedPack[] = []
  const complaints: string[] = []
  if (options.packs.length === 0) return { packs, complaints }
  const [{ loadPack }, { loadCourse }, { NoPack, openPackFolder }] = await Promise.all([
    import('../course/pack.ts'),
    import('../course/load.ts'),
    import('../io/pack-folder.ts'),
  ])
  for (const wish of options.packs) {
    try {
      const folder = openPackFolder(wish, options.from)
      const pack = loadPack(folder)
      for (const { file, text } of folder.refused) complaints.push(`${file}:1: ${text}`)
      if (packs.some(({ name }) => name === pack.name)) {
        complaints.push(
          `${wish}:1: another pack is called ${pack.name}; rename one of them in its pack.yaml.`,
        )
        continue
      }
      const { course, problems } = loadCourse(pack.lessons)
      for (const { file, line, text } of [...pack.problems, ...withoutForeign(problems)])
        complaints.push(`${file}:${line}: ${text}. 'docker-net-tutor lint ${wish}' says more.`)
      packs.push({
        ...pack,
        lessons: readable(pack.lessons, new Set(course.lessons.map(({ file }) => file))),
      })
    } catch (error) {
      if (error instanceof NoPack) complaints.push(`${wish}:1: ${error.message}`)
      else
        complaints.push(`${wish}:1: cannot be read (${(error as { code?: string }).code ?? String(error)}).`)
    }
  }
  return { packs, complaints }
}

/** A pack's lesson may require one of the program's. */
function withoutForeign<P extends { readonly text: string }>(problems: readonly P[]): P[] {
  return problems.filter(({ text }) => !/^requires .*, which does not exist$/.test(text))
}

function readable(files: readonly CourseFile[], lessons: ReadonlySet<string>): CourseFile[] {
  return files.filter(({ name }) => {
    const role = roleOf(name)
    return lessons.has(role.kind === 'translation' ? role.of : name)
  })
}
