import { type ReactNode, Suspense } from "react";
import { ProductMark } from "#components/shell/product-mark.tsx";

/** The frame of the pages one sees before one is signed in. Hung from above, so that nothing moves when the rest arrives. */
export default function SignInLayout({ children }: { children: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col items-center px-4 py-10 sm:pt-[16vh]">
      <div className="w-full max-w-md">
        <div className="mb-8 flex items-center gap-3">
          <ProductMark className="size-9" />
          <div>
            <p className="text-base font-semibold tracking-tight">Vault Console</p>
            <p className="text-xs text-muted">Oracle Cloud Infrastructure vaults</p>
          </div>
        </div>
        <Suspense>{children}</Suspense>
      </div>
    </main>
  );
}
