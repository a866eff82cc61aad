using HunyuanPortrait.Core.Networks;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Inference.Slots;

namespace HunyuanPortrait.Inference.Tests.Slots;

public sealed class NetworkPoolTests
{
    private static readonly Dictionary<string, FloatTensor> Nothing = [];

    [Fact]
    public void Load_SamePathTwice_SharesOneNetwork()
    {
        var loader = new CountingLoader();
        using var pool = new NetworkPool(loader);
        using var first = pool.Load(NetworkSource.FromFile("a", "models/a.onnx"));
        using var second = pool.Load(NetworkSource.FromFile("a", "models/../models/a.onnx"));
        using var other = pool.Load(NetworkSource.FromFile("b", "models/b.onnx"));
        Assert.Equal(2, loader.Networks.Count);
        Assert.Equal(2, pool.LoadedCount);
    }

    [Fact]
    public void Dispose_SharedNetworks_UnloadsEachOnceAndOnlyThen()
    {
        var loader = new CountingLoader();
        var pool = new NetworkPool(loader);
        pool.Load(NetworkSource.FromFile("a", "a.onnx")).Dispose();
        Assert.Equal(0, loader.Networks[0].Disposals);
        pool.Dispose();
        pool.Dispose();
        Assert.Equal(1, loader.Networks[0].Disposals);
    }

    [Fact]
    public void Load_FailedOnce_IsTriedAgain()
    {
        var loader = new CountingLoader { FailuresLeft = 1 };
        using var pool = new NetworkPool(loader);
        Assert.Throws<InvalidOperationException>(() => pool.Load(NetworkSource.FromFile("a", "a.onnx")));
        using var lease = pool.Load(NetworkSource.FromFile("a", "a.onnx"));
        Assert.Single(loader.Networks);
    }

    [Fact]
    public void Load_Bytes_BelongToTheLease()
    {
        var loader = new CountingLoader();
        using var pool = new NetworkPool(loader);
        var lease = pool.Load(NetworkSource.FromBytes("a", new byte[1]));
        lease.Dispose();
        lease.Dispose();
        Assert.Equal(1, loader.Networks[0].Disposals);
        Assert.Throws<ObjectDisposedException>(() => lease.Run(Nothing, Nothing, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Load_AfterDispose_Throws()
    {
        var pool = new NetworkPool(new CountingLoader());
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Load(NetworkSource.FromFile("a", "a.onnx")));
    }

    [Theory, InlineData(1), InlineData(2)]
    public async Task Run_ManyCallers_NeverExceedsTheSlots(int slots)
    {
        var loader = new CountingLoader();
        using var pool = new NetworkPool(loader, slots);
        using var lease = pool.Load(NetworkSource.FromFile("a", "a.onnx"));
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => lease.Run(Nothing, Nothing), TestContext.Current.CancellationToken)));
        Assert.Equal(16, loader.Networks[0].Runs);
        Assert.InRange(loader.Networks[0].MostAtOnce, 1, slots);
    }

    [Fact]
    public void Run_ThatThrows_GivesItsSlotBack()
    {
        var loader = new CountingLoader();
        using var pool = new NetworkPool(loader);
        using var lease = pool.Load(NetworkSource.FromFile("a", "a.onnx"));
        var token = TestContext.Current.CancellationToken;
        loader.Networks[0].Fails = true;
        Assert.Throws<InvalidOperationException>(() => lease.Run(Nothing, Nothing, token));
        loader.Networks[0].Fails = false;
        lease.Run(Nothing, Nothing, token);
        Assert.Equal(2, loader.Networks[0].Runs);
    }

    [Fact]
    public void Reserve_CancelledWhileWaiting_TakesNoSlot()
    {
        using var slots = new DeviceSlots();
        using (slots.Reserve(TestContext.Current.CancellationToken))
            Assert.Throws<OperationCanceledException>(() => Reserve(slots, new CancellationToken(canceled: true)));
        Assert.Equal(1, slots.Free);
    }

    private static void Reserve(DeviceSlots slots, CancellationToken token)
    {
        using var permit = slots.Reserve(token);
    }

    private sealed class CountingLoader : INetworkLoader
    {
        public List<CountingNetwork> Networks { get; } = [];

        public int FailuresLeft { get; set; }

        public INetwork Load(NetworkSource source)
        {
            if (FailuresLeft-- > 0)
                throw new InvalidOperationException("not yet");
            Networks.Add(new CountingNetwork());
            return Networks[^1];
        }
    }

    private sealed class CountingNetwork : INetwork
    {
        private readonly Lock gate = new();
        private int now;

        public int Disposals { get; private set; }

        public int Runs { get; private set; }

        public int MostAtOnce { get; private set; }

        public bool Fails { get; set; }

        public IReadOnlyDictionary<string, int[]> Inputs { get; } = new Dictionary<string, int[]>();

        public IReadOnlyDictionary<string, int[]> Outputs { get; } = new Dictionary<string, int[]>();

        public void Run(
            IReadOnlyDictionary<string, FloatTensor> inputs,
            IReadOnlyDictionary<string, FloatTensor> outputs,
            CancellationToken cancellationToken = default)
        {
            Count(+1);
            Thread.Yield();
            Count(-1);
            if (Fails)
                throw new InvalidOperationException("as told");
        }

        public void Dispose() => Disposals++;

        private void Count(int change)
        {
            lock (gate)
            {
                now += change;
                Runs += change > 0 ? 1 : 0;
                MostAtOnce = Math.Max(MostAtOnce, now);
            }
        }
    }
}
