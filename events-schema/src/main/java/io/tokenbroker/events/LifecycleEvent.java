package io.tokenbroker.events;

/** What upstream says about a user: the input of the broker, in the order of the {@code user-lifecycle} topic. */
public sealed interface LifecycleEvent extends BrokerEvent
        permits UserCreated, UserSuspended, UserResumed, SessionsRevoked, UserDeleted, ReconcileRequested {}
