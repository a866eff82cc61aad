using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Grains.Hosting;
using HunyuanPortrait.Silo;

namespace HunyuanPortrait.Cluster.Tests.Hosts;

/// <summary>What a silo is told wrong is refused with the option's name, what was given and what is allowed.</summary>
public sealed class SiloConfigurationTests
{
    private static readonly string[] Enough = ["--Silo:Roles", "Control", "--Silo:Directory", "store"];

    [Fact]
    public void Read_EnoughOptions_AreTaken()
    {
        var silo = SiloConfiguration.Read([.. Enough, "--Silo:SiloPort=11", "--Coordination:LeaseDuration", "00:00:07", "--Logging:LogLevel:Default", "Debug"]).Silo;
        Assert.Equal((SiloRoles.Control, "store", 11), (silo.Roles, silo.Directory, silo.SiloPort));
    }

    [Theory]
    [InlineData("control", SiloRoles.Control)]
    [InlineData("Control, gpu", SiloRoles.Control | SiloRoles.Gpu)]
    public void Read_Roles_AreNamesInAnyCase(string given, SiloRoles roles) =>
        Assert.Equal(roles, SiloConfiguration.Read("--Silo:Roles", given, "--Silo:Directory", "store", "--Silo:Models:0", "model").Silo.Roles);

    [Theory]
    [InlineData("Silo:Roles (Cook) must be one of Control, Gpu, or several with commas between.", "--Silo:Roles", "Cook")]
    [InlineData("Silo:Roles (7) must be one of Control, Gpu, or several with commas between.", "--Silo:Roles", "7")]
    [InlineData("Silo:Clustering (Etcd) must be one of Localhost, Redis, Kubernetes.", "--Silo:Clustering", "Etcd")]
    [InlineData("Silo:SiloPort (many) must be a whole number.", "--Silo:SiloPort", "many")]
    [InlineData("Silo:SiloPort (70000) must be from 1 to 65535.", "--Silo:SiloPort", "70000")]
    [InlineData("Silo:FastFailureDetection (yes) must be true or false.", "--Silo:FastFailureDetection", "yes")]
    [InlineData("Silo:SiloPort and Silo:GatewayPort (30000) must differ.", "--Silo:SiloPort", "30000")]
    [InlineData("Silo:ClusterId (nothing) must not be empty.", "--Silo:ClusterId", "")]
    [InlineData("Silo:Address (here) must be an IP address.", "--Silo:Address", "here")]
    [InlineData("Silo:Address (10.1.2.3) must be 127.0.0.1 with Silo:Clustering (Localhost)", "--Silo:Address", "10.1.2.3")]
    [InlineData("Silo:Redis is empty; Silo:Clustering (Redis) needs", "--Silo:Clustering", "Redis")]
    [InlineData("Silo:Redis cannot be read; Silo:Clustering (Redis) needs", "--Silo:Clustering", "Redis", "--Silo:Redis", "127.0.0.1:6379,pasword=secret")]
    [InlineData("Silo:Models is a list", "--Silo:Models", "embedded")]
    [InlineData("Silo:Models:0 (nothing) must name a model directory", "--Silo:Roles", "Gpu")]
    [InlineData("Silo:Directory or Silo:AzureConnection must say", "--Silo:Directory", "")]
    [InlineData("Silo:Rolls is not known; there are Address,", "--Silo:Rolls", "Control")]
    [InlineData("Coordination:LeaseDuration (00:00:00) must be from", "--Coordination:LeaseDuration", "0")]
    [InlineData("Coordination:LeaseDuration (soon) must be a time", "--Coordination:LeaseDuration", "soon")]
    [InlineData("Coordination:TasksInHand (9) must be from 1 to 8.", "--Coordination:TasksInHand", "9")]
    [InlineData("'control' is no option", "control")]
    [InlineData("'--Roles' is no option", "--Roles", "Control")]
    [InlineData("--Silo:Provider needs a value.", "--Silo:Provider")]
    public void Read_WrongOption_IsRefusedWithWhatIsAllowed(string named, params string[] arguments)
    {
        var refusal = Assert.Throws<RenderException>(() => SiloConfiguration.Read([.. Enough, .. arguments]));
        Assert.Equal("HP3201", refusal.Code);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SeveralWrongOptions_AreAllNamed()
    {
        var refusal = Assert.Throws<RenderException>(() => SiloConfiguration.Read("--Silo:SiloPort", "99999", "--Silo:DeviceId", "-1", "--Coordination:TasksInHand", "0"));
        Assert.All(["Silo:SiloPort", "Silo:DeviceId", "Silo:Models", "Silo:Directory", "Coordination:TasksInHand"], name => Assert.Contains(name, refusal.Message, StringComparison.Ordinal));
    }
}
