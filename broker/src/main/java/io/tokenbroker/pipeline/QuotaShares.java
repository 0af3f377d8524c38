package io.tokenbroker.pipeline;

/** How the quota of ACS is divided between instances; to be told anew whenever partitions or members move. */
public interface QuotaShares {

    /**
     * Sets this instance's part of the quotas.
     *
     * @param eventShare of what events cause: partitions owned of all partitions, 0 to 1
     * @param interactiveShare of what callers cause: one of all live instances, 0 to 1
     */
    void share(double eventShare, double interactiveShare);
}
