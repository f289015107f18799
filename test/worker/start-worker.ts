export {
  type LocalWorkerOptions as WorkerOptions,
  type RunningWorker,
  startLocalWorker as startWorker,
} from "../../src/cli/shared/local-worker.ts";
