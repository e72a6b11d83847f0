/** A lesson to begin with: every fence once, in a lesson that `lint` is content with. */

export interface NewLesson {
  readonly file: string
  readonly text: string
}

const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/** From `my-lesson`, `07-my-lesson.md` or a path. A sentence for a name that cannot be one. */
export function newLesson(wish: string): NewLesson | string {
  const file = wish.endsWith('.md') ? wish : `${wish}.md`
  const base = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1, -'.md'.length)
  const id = base.replace(/^\d+-/, '')
  if (!ID.test(id))
    return `'${base}' cannot be a lesson's name: lower-case letters, digits and single dashes, such as 17-my-lesson.`
  const title = `${id[0]!.toUpperCase()}${id.slice(1).replaceAll('-', ' ')}`
  return { file, text: skeleton(id, title.slice(0, 60)) }
}

/** What to do with it, for the person who asked for it. */
export function whatNext(file: string): string {
  const folder = /[/\\]/.test(file) ? file.replace(/[/\\][^/\\]*$/, '') : '.'
  return `${file} is written: a lesson with one step, one question and one goal, which holds what it promises.

Next
  1. Open it in an editor and put your own words in; lessons/AUTHORING.md explains every fence.
  2. docker-net-tutor lint ${folder}          proves it, over many seeds
  3. docker-net-tutor --pack ${folder}        opens the course with it at the end of the list
`
}

function skeleton(id: string, title: string): string {
  return `---
format: 1
id: ${id}
title: ${title}
section: "None"
world: linux
engine: "20.10"
requires: []
minutes: 10
vars:
  extra: { pick: [0, 1, 2] }
---

Why does it matter? Say it here in two or three sentences. After this lesson you can name the address of a container, and
start one that its neighbour reaches.

## One idea

\`\`\`setup
host1$ for i in $(seq {{extra}}); do docker run -d busybox sleep 1d; done
host1$ docker run -dit --name web busybox
\`\`\`

What is to be seen here, in short sentences:

\`\`\`show
host1$ docker exec web ip addr
\`\`\`

\`\`\`diagram
draw: bridge
host: host1
\`\`\`

\`\`\`question
ask: Which address does web have?
kind: text
accepts: address
answer: { from: "host1$ docker exec web hostname -i" }
mistakes:
  - when: { matches: "^172\\\\.17\\\\.0\\\\.1$" }
    say: That is docker0, the gateway.
why: "\`ip addr\` prints it behind \`inet\`."
\`\`\`
\`\`\`hint
\`docker exec web …\` runs one command inside.
\`\`\`
\`\`\`hint
\`docker exec web ip addr\`, the line with \`inet\` below eth0.
\`\`\`
\`\`\`solution
host1$ docker exec web ip addr
\`\`\`

\`\`\`goal
label: A second container called db runs, and web reaches it
check:
  all:
    - container: { name: db, state: running }
    - reachable: { from: web, to: db }
else: "\`db\` does not run yet, or web gets no answer from it."
\`\`\`
\`\`\`hint
when: { not: { container: { name: db } } }
say: "\`docker run\` starts a container, \`--name\` names it."
\`\`\`
\`\`\`hint
\`docker run -dit --name db busybox\`
\`\`\`
\`\`\`solution
host1$ docker run -dit --name db busybox
\`\`\`
\`\`\`alt
host1$ docker run -d --name db nginx
\`\`\`
\`\`\`mustfail
host1$ docker run -dit --network none --name db busybox
\`\`\`
`
}
