/** `list`, `progress`, `progress export|import`, `reset`. */
import type { Request } from '../headless/arguments.ts'
import type { ProgressStore } from '../io/progress-store.ts'
import { stateFolder } from '../io/state-folder.ts'
import { damaged, openShelf, openStore, type Place, requireLesson } from './place.ts'
import { attempt, print, Refusal } from './refusal.ts'

export async function progressCommand(request: Request, place: Place): Promise<void> {
  const store = await openStore()
  if (store.movedTo !== null) process.stderr.write(`docker-net-tutor: ${damaged(store)}\n`)
  switch (request.kind) {
    case 'progress-export': {
      const { formatProgress } = await import('../course/progress-file.ts')
      return print(formatProgress(store.events()))
    }
    case 'progress-import':
      return importProgress(store, request.file)
    case 'reset':
      return reset(store, request.id, place)
    default:
      return listLessons(store, request, place)
  }
}

async function listLessons(store: ProgressStore, request: Request, place: Place): Promise<void> {
  const { lessonList, progressJson, progressText } = await import('../tui/progress/listing-text.ts')
  const { listingOf } = await import('../tui/progress/listing.ts')
  const { marksOf } = await import('../course/progress.ts')
  const listing = listingOf((await openShelf(place)).heads, marksOf(store.events()))
  if (request.kind === 'list') print(lessonList(listing))
  else print(request.kind === 'progress' && request.json ? progressJson(listing) : progressText(listing))
}

async function importProgress(store: ProgressStore, file: string): Promise<void> {
  const { parseProgress } = await import('../course/progress-file.ts')
  const { readTextFile } = await import('../io/text-files.ts')
  const parsed = parseProgress(attempt(`cannot read ${file}`, () => readTextFile(file)))
  if (parsed.kind === 'newer') {
    throw new Refusal(
      `${file} is of a newer docker-net-tutor (format ${parsed.format}). Update this one first.`,
      1,
    )
  }
  if (parsed.kind === 'damaged') {
    throw new Refusal(
      `${file} is not what 'docker-net-tutor progress export' writes. Nothing was changed.`,
      1,
    )
  }
  print(`${store.merge(parsed.events)} new entries taken over from ${file}\n`)
}

async function reset(store: ProgressStore, id: string | null, place: Place): Promise<void> {
  requireLesson((await openShelf(place)).heads, id)
  const { openSnapshotStore } = await import('../io/snapshot-store.ts')
  const snapshots = openSnapshotStore(stateFolder())
  store.append({ kind: 'reset', lesson: id })
  if (id === null) snapshots.removeAll()
  else snapshots.remove(id)
  print(id === null ? 'All progress is forgotten.\n' : `The progress of '${id}' is forgotten.\n`)
}
