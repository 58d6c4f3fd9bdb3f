import type { TSESLint } from '@typescript-eslint/utils';
import balancedSignalling from './balanced-signalling.js';
import checkCallbackResult from './check-callback-result.js';
import noAllocInSignalling from './no-alloc-in-signalling.js';
import noAwaitFence from './no-await-fence.js';
import noAwaitInErrorScope from './no-await-in-error-scope.js';
import noBlockingCallback from './no-blocking-callback.js';
import noBlockingInSignalling from './no-blocking-in-signalling.js';
import noBorrowAcrossAwait from './no-borrow-across-await.js';
import noCloneFence from './no-clone-fence.js';
import noDoublePut from './no-double-put.js';
import noDoubleTransfer from './no-double-transfer.js';
import noFenceLeak from './no-fence-leak.js';
import noFloatingFence from './no-floating-fence.js';
import noMisusedWait from './no-misused-wait.js';
import noPutBorrowed from './no-put-borrowed.js';
import noSignalOutsideSection from './no-signal-outside-section.js';
import noUseAfterPut from './no-use-after-put.js';
import noUseAfterSignal from './no-use-after-signal.js';
import noDoubleRelease from './no-double-release.js';
import noFloatingResource from './no-floating-resource.js';
import noLeak from './no-leak.js';
import noUseAfterRelease from './no-use-after-release.js';
import preferUsing from './prefer-using.js';
import requireCallbackRemoval from './require-callback-removal.js';
import requireFieldRelease from './require-field-release.js';
import requireGetOnStore from './require-get-on-store.js';
import requireResourceFieldRelease from './require-resource-field-release.js';
import requireSignal from './require-signal.js';
import validOwnershipTags from './valid-ownership-tags.js';
import type { RuleDocs } from './create-rule.js';

/** A rule of this plugin, whatever its messages and options. */
export type AnyRule = Omit<TSESLint.RuleModule<string, readonly unknown[], RuleDocs>, 'meta'> & {
  readonly name: string;
  readonly meta: TSESLint.RuleMetaData<string, RuleDocs, readonly unknown[]> & {
    readonly docs: TSESLint.RuleMetaDataDocs & RuleDocs;
  };
};

/** Every rule by its name. */
export const rules: Readonly<Record<string, AnyRule>> = {
  'balanced-signalling': balancedSignalling as unknown as AnyRule,
  'check-callback-result': checkCallbackResult as unknown as AnyRule,
  'no-alloc-in-signalling': noAllocInSignalling as unknown as AnyRule,
  'no-await-fence': noAwaitFence as unknown as AnyRule,
  'no-await-in-error-scope': noAwaitInErrorScope as unknown as AnyRule,
  'no-blocking-callback': noBlockingCallback as unknown as AnyRule,
  'no-blocking-in-signalling': noBlockingInSignalling as unknown as AnyRule,
  'no-borrow-across-await': noBorrowAcrossAwait as unknown as AnyRule,
  'no-clone-fence': noCloneFence as unknown as AnyRule,
  'no-double-put': noDoublePut as unknown as AnyRule,
  'no-double-transfer': noDoubleTransfer as unknown as AnyRule,
  'no-fence-leak': noFenceLeak as unknown as AnyRule,
  'no-floating-fence': noFloatingFence as unknown as AnyRule,
  'no-misused-wait': noMisusedWait as unknown as AnyRule,
  'no-put-borrowed': noPutBorrowed as unknown as AnyRule,
  'no-signal-outside-section': noSignalOutsideSection as unknown as AnyRule,
  'no-use-after-put': noUseAfterPut as unknown as AnyRule,
  'no-use-after-signal': noUseAfterSignal as unknown as AnyRule,
  'no-double-release': noDoubleRelease as unknown as AnyRule,
  'no-floating-resource': noFloatingResource as unknown as AnyRule,
  'no-leak': noLeak as unknown as AnyRule,
  'no-use-after-release': noUseAfterRelease as unknown as AnyRule,
  'prefer-using': preferUsing as unknown as AnyRule,
  'require-callback-removal': requireCallbackRemoval as unknown as AnyRule,
  'require-field-release': requireFieldRelease as unknown as AnyRule,
  'require-get-on-store': requireGetOnStore as unknown as AnyRule,
  'require-resource-field-release': requireResourceFieldRelease as unknown as AnyRule,
  'require-signal': requireSignal as unknown as AnyRule,
  'valid-ownership-tags': validOwnershipTags as unknown as AnyRule,
};
