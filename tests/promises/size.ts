/** True when every promise is tried at the size it states (`PROMISES_FULL=1`); smaller otherwise. */
export const isFull = process.env.PROMISES_FULL === "1";
