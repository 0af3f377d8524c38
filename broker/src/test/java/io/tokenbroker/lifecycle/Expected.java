package io.tokenbroker.lifecycle;

import io.tokenbroker.events.LifecycleEvent;
import io.tokenbroker.events.ReconcileRequested;
import io.tokenbroker.events.ReconcileRequested.State;
import io.tokenbroker.events.SessionsRevoked;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserDeleted;
import io.tokenbroker.events.UserResumed;
import io.tokenbroker.events.UserSuspended;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a user must be after some of the log, told in a few lines of its own, for comparison with what the rules make of
 * it. It knows nothing of identities, calls and answers, as none of them may change it.
 *
 * @param epoch how often every token issued so far has lost its right
 * @param decided offset of the latest record of this user, whatever became of it
 * @param asOf what the user is goes back to the log as it was then: to the latest event that did something, or to where
 *     a replay had folded it
 */
record Expected(boolean exists, boolean suspended, Set<String> scopes, long epoch, long decided, long asOf) {

    static final Expected NOBODY = new Expected(false, false, Set.of(), 0, -1, -1);

    /** After an event that nothing speaks against: neither is it stale nor does it adopt what may not be adopted. */
    Expected after(LifecycleEvent event, long offset) {
        Expected next = switch (event) {
            case UserCreated created -> created(created.scopes());
            case UserSuspended one -> madeSuspended();
            case UserResumed one -> madeResumed();
            case SessionsRevoked one -> exists ? voided() : this;
            case UserDeleted one -> deleted();
            case ReconcileRequested reconcile -> reconciled(reconcile);
        };
        if (!heeds(event)) {
            return next.at(offset);
        }
        long of =
                event instanceof ReconcileRequested reconcile ? reconcile.asOf().offset() : offset;
        return new Expected(next.exists, next.suspended, next.scopes, next.epoch, offset, of);
    }

    /** Whether the event does something to this user, be it that it repeats what holds already. */
    boolean heeds(LifecycleEvent event) {
        return switch (event) {
            case UserCreated one -> true;
            case UserDeleted one -> true;
            case UserSuspended one -> exists;
            case UserResumed one -> exists;
            case SessionsRevoked one -> exists;
            case ReconcileRequested reconcile -> asOf <= reconcile.asOf().offset();
        };
    }

    Expected at(long offset) {
        return new Expected(exists, suspended, scopes, epoch, offset, asOf);
    }

    private Expected created(@Nullable Set<String> said) {
        Set<String> given = said == null || said.isEmpty() ? Users.DEFAULT_SCOPES : said;
        long moved = exists && !given.containsAll(scopes) ? epoch + 1 : epoch;
        return new Expected(true, suspended, given, moved, decided, asOf);
    }

    private Expected madeSuspended() {
        return !exists || suspended ? this : new Expected(true, true, scopes, epoch + 1, decided, asOf);
    }

    private Expected madeResumed() {
        return new Expected(exists, false, scopes, epoch, decided, asOf);
    }

    private Expected voided() {
        return new Expected(exists, suspended, scopes, epoch + 1, decided, asOf);
    }

    private Expected deleted() {
        return exists ? new Expected(false, false, Set.of(), epoch + 1, decided, asOf) : this;
    }

    private Expected reconciled(ReconcileRequested reconcile) {
        if (!heeds(reconcile)) {
            return this;
        }
        if (reconcile.desired().state() == State.DELETED) {
            return deleted();
        }
        Expected made = created(reconcile.desired().scopes());
        return reconcile.desired().state() == State.SUSPENDED ? made.madeSuspended() : made.madeResumed();
    }

    /** What is announced of the change from one to the other where nothing else happens, but for a first token. */
    static List<String> announcements(Expected before, Expected after) {
        List<String> types = new ArrayList<>();
        if (!before.exists && after.exists) {
            types.add("identity.provisioned");
        }
        if (before.exists && after.exists && after.epoch > before.epoch) {
            types.add("tokens.revoked");
        }
        if (!before.suspended && after.suspended) {
            types.add("identity.suspended");
        }
        if (before.suspended && !after.suspended && after.exists) {
            types.add("identity.resumed");
        }
        if (before.exists && !after.exists) {
            types.add("identity.deleted");
        }
        return types;
    }
}
