// Runs the HTTP caching suite of the folder given first against the base URL given second, prints its results as JSON.
const [folder, base, ...ids] = process.argv.slice(2)
const { runTests, getResults } = await import(`${folder}/client/runner.mjs`)
const { default: fetch } = await import(`${folder}/../node-fetch/lib/index.mjs`)
const { default: sets } = await import(`${folder}/tests/index.mjs`)
const chosen = ids.length ? sets.filter(set => ids.includes(set.id)) : sets
console.info = console.warn = console.error = () => {}
await runTests(chosen, fetch, false, base)
process.stdout.write(JSON.stringify({ sets: sets.map(set => set.id), results: getResults() }))
