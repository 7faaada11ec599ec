/** `opc-request-id`: what the caller sent comes back, completed to three segments of the service's own making. */
import { randomBytes } from "node:crypto";

const segmentsMax = 3;
const lengthMax = 98;

/** The id an answer carries. What cannot be an id is not echoed. */
export function answerRequestId(sent: string | undefined): string {
  const isUsable = sent !== undefined && sent.length <= lengthMax && /^[\w.-]+(\/[\w.-]+){0,2}$/.test(sent);
  const segments = isUsable ? sent.split("/") : [];
  while (segments.length < segmentsMax) segments.push(randomBytes(16).toString("hex").toUpperCase());
  return segments.join("/");
}
