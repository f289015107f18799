import { ACCOUNT_ID } from "../console/access.ts";
import { element, type QueryAction } from "./query-protocol.ts";

/** Source: AWS Security Token Service API Reference, "GetCallerIdentity". */
export const getCallerIdentity: QueryAction = (_parameters, { arn, userId }) =>
  element("Arn", arn) + element("UserId", userId) + element("Account", ACCOUNT_ID);
