"use client";

import { useEffect, useState } from "react";

const restMs = 400;

/** What somebody types, once the fingers rest: for questions to the service, which are not asked at every key. */
export function useRested(value: string): string {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), restMs);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
