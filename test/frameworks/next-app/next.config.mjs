/* oxlint-disable import/no-default-export -- Next reads it. */
// Without a root of its own Next takes the folder of the outermost lock file, which is this project's.
export default { turbopack: { root: import.meta.dirname } };
