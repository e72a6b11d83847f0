import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { formatProgress, mergeEvents, PROGRESS_FILE, parseProgress } from '../../src/course/progress-file.ts'
import { openProgressStore as open, StoreError } from '../../src/io/progress-store.ts'
import { openSnapshotStore } from '../../src/io/snapshot-store.ts'
import { stateFolder } from '../../src/io/state-folder.ts'

const openProgressStore = (folder: string) => open(folder, PROGRESS_FILE)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dnt-store-'))
})
afterEach(() => {
  chmodSync(folder, 0o700)
  rmSync(folder, { recursive: true, force: true })
})

describe('the progress store', () => {
  it('finds again what was appended', () => {
    openProgressStore(folder).append({ kind: 'step-done', lesson: 'a', step: 'b' })
    const [event] = openProgressStore(folder).events()
    expect(event).toMatchObject({ kind: 'step-done', lesson: 'a', step: 'b' })
  })

  it('loses nothing of two copies that are open at once', () => {
    const one = openProgressStore(folder)
    const two = openProgressStore(folder)
    for (let i = 0; i < 5; i++) {
      one.append({ kind: 'one', i })
      two.append({ kind: 'two', i })
    }
    expect(openProgressStore(folder).events()).toHaveLength(10)
    one.append({ kind: 'last' })
    expect(one.events()).toHaveLength(11)
  })

  it('keeps a damaged file beside the new one, each time', () => {
    for (const damage of ['{"format": 1, "events": [', 'null', '{"format": 1, "events": [{"x": 1}]}']) {
      writeFileSync(join(folder, 'progress.json'), damage)
      const store = openProgressStore(folder)
      expect(store.events()).toEqual([])
      expect(readFileSync(store.movedTo!, 'utf8')).toBe(damage)
      store.append({ kind: 'x' })
    }
    expect(readdirSync(folder).sort()).toEqual([
      'progress.json',
      'progress.json.damaged-1',
      'progress.json.damaged-2',
      'progress.json.damaged-3',
    ])
  })

  it('leaves a file of a newer version alone', () => {
    const text = '{"format": 3, "events": {}}'
    writeFileSync(join(folder, 'progress.json'), text)
    expect(() => openProgressStore(folder)).toThrow(/newer docker-net-tutor \(format 3\)/)
    expect(readFileSync(join(folder, 'progress.json'), 'utf8')).toBe(text)
  })

  it('says what to do when it cannot write', () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const inFile = join(file, 'deeper')
    expect(() => openProgressStore(inFile).requireWritable()).toThrow(StoreError)
    expect(() => openProgressStore(inFile).requireWritable()).toThrow(/DOCKER_NET_TUTOR_HOME/)
  })

  it('takes over a lock that a killed process left behind', () => {
    mkdirSync(join(folder, 'progress.json.lock'))
    spawnSync('touch', ['-d', '1 minute ago', join(folder, 'progress.json.lock')])
    openProgressStore(folder).append({ kind: 'x' })
    expect(existsSync(join(folder, 'progress.json.lock'))).toBe(false)
  })
})

describe('a progress file', () => {
  const event = fc.record({ id: fc.uuid(), at: fc.nat(), kind: fc.constantFrom('a', 'b'), text: fc.string() })

  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(event), (events) => {
        expect(parseProgress(formatProgress(events))).toEqual({ kind: 'events', events })
      }),
    )
  })

  it('merges to the same in any order', () => {
    fc.assert(
      fc.property(fc.array(event), fc.array(event), (a, b) => {
        expect(mergeEvents(a, b)).toEqual(mergeEvents(b, mergeEvents(a)))
      }),
    )
  })
})

describe('snapshots', () => {
  it('are found at once and on the disk', async () => {
    const store = openSnapshotStore(folder)
    store.save('a', 'one')
    store.save('a', 'two')
    expect(store.load('a')).toBe('two')
    expect(openSnapshotStore(folder).load('a')).toBe('two')
    store.removeAll()
    expect(openSnapshotStore(folder).load('a')).toBe(null)
  })
})

describe('the state folder', () => {
  const home = '/home/ada'
  it('follows each platform', () => {
    expect(stateFolder({ platform: 'linux', env: {}, home })).toBe('/home/ada/.local/state/docker-net-tutor')
    expect(stateFolder({ platform: 'linux', env: { XDG_STATE_HOME: '/x' }, home })).toBe(
      '/x/docker-net-tutor',
    )
    expect(stateFolder({ platform: 'linux', env: { XDG_STATE_HOME: 'x' }, home })).toBe(
      '/home/ada/.local/state/docker-net-tutor',
    )
    expect(stateFolder({ platform: 'darwin', env: {}, home })).toBe(
      '/home/ada/Library/Application Support/docker-net-tutor',
    )
    expect(stateFolder({ platform: 'linux', env: { DOCKER_NET_TUTOR_HOME: '/t' }, home })).toBe('/t')
  })
})
